import { spawn } from 'node:child_process'

import type { CommandContext } from '../context.ts'

/** Opens the desktop's browser; on a machine without one the printed address is enough. */
export function openBrowser(url: string, { io, out }: CommandContext): void {
  const hasDesktop = process.platform !== 'linux' || (io.env['DISPLAY'] ?? io.env['WAYLAND_DISPLAY'] ?? '') !== ''
  if (!hasDesktop) return
  const [command, ...words] = { darwin: ['open'], win32: ['cmd', '/c', 'start', ''] }[process.platform as string] ?? [
    'xdg-open',
  ]
  const browser = spawn(command ?? 'xdg-open', [...words, url], { stdio: 'ignore', detached: true })
  browser.on('error', () => out.detail('No browser could be opened.'))
  browser.unref()
}
