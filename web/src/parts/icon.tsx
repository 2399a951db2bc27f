import type { JSX } from 'preact'

/** Strokes of each icon on a grid of 16. */
const strokes = {
  sessions: 'M2.5 4h11M2.5 8h11M2.5 12h7',
  search: 'M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9Zm3.3 7.8 3.4 3.4',
  chart: 'M2.5 13.5h11M4 11V7m4 4V3m4 8V5.5',
  remote: 'M4.5 12.5a2.8 2.8 0 0 1-.3-5.6 4 4 0 0 1 7.7-.6 3.1 3.1 0 0 1 .1 6.2Z',
  machine: 'M2.5 3h11v7.5h-11zM6 13.5h4M8 10.5v3',
  settings: 'M3 4.5h5m3 0h2M3 11.5h2m3 0h5M9.5 3v3M6.5 10v3',
  compare: 'M5.5 3v10M10.5 3v10M2.5 6l3-3 3 3m-1 4 3 3 3-3',
  copy: 'M5.5 5.5h7v8h-7zM3.5 10.5v-8h7',
  check: 'm3 8.5 3.2 3.2L13 5',
  close: 'm4 4 8 8m0-8-8 8',
  down: 'm4 6 4 4 4-4',
  right: 'm6 4 4 4-4 4',
  left: 'm10 4-4 4 4 4',
  up: 'm4 10 4-4 4 4',
  link: 'M6.7 9.3a2.4 2.4 0 0 0 3.4 0l2-2a2.4 2.4 0 0 0-3.4-3.4l-.7.7m1.3 2.1a2.4 2.4 0 0 0-3.4 0l-2 2a2.4 2.4 0 0 0 3.4 3.4l.7-.7',
  raw: 'M6 2.5c-2 0-2 1-2 2.5s0 3-2 3c2 0 2 1.5 2 3s0 2.5 2 2.5m4-11c2 0 2 1 2 2.5s0 3 2 3c-2 0-2 1.5-2 3s0 2.5-2 2.5',
  star: 'm8 2.3 1.7 3.6 3.9.5-2.9 2.7.8 3.9L8 11.1 4.5 13l.8-3.9L2.4 6.4l3.9-.5Z',
  sync: 'M13 6.5A5.2 5.2 0 0 0 3.6 5M3 9.5a5.2 5.2 0 0 0 9.4 1.5M3.3 2.5V5h2.5m6.9 8.5V11h-2.5',
  warn: 'M8 2.5 14 13.5H2ZM8 6.5v3.5m0 1.5v.5',
  terminal: 'm3.5 4.5 3 3-3 3M8 11.5h4.5',
  edit: 'm3 13 .7-3L10.5 3.2l2.3 2.3L6 12.3Z',
  file: 'M4 2.5h5l3 3v8H4zM9 2.5v3h3',
  folder: 'M2.5 4h4l1.5 1.5h5.5v7h-11z',
  list: 'M6 4h7.5M6 8h7.5M6 12h7.5M2.5 4h1M2.5 8h1M2.5 12h1',
  tool: 'M10.3 2.7a3.3 3.3 0 0 0-3.9 4.4l-3.7 3.7 2.5 2.5 3.7-3.7a3.3 3.3 0 0 0 4.4-3.9L11 8 8 5Z',
  globe: 'M8 2.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11Zm-5.5 5.5h11M8 2.5c-3 3.5-3 7.5 0 11 3-3.5 3-7.5 0-11',
  branch: 'M5 3v10m0-10v0M11 3.5v2c0 2-6 1.5-6 4M5 2.5v1m6-1v1',
  agent: 'M8 2.5v2m-4.5 0h9v7h-9zM6 7.5v1m4-1v1M2 7v2.5m12-2.5v2.5M6 13.5h4',
  sun: 'M8 5a3 3 0 1 0 0 6 3 3 0 0 0 0-6Zm0-3.5v1.5m0 10v1.5M1.5 8H3m10 0h1.5M3.4 3.4l1 1m7.2 7.2 1 1m0-9.2-1 1m-7.2 7.2-1 1',
  moon: 'M13 9.5A5.5 5.5 0 0 1 6.5 3a5.5 5.5 0 1 0 6.5 6.5Z',
  download: 'M8 2.5v7m-3-3 3 3 3-3M3 12.5h10',
  table: 'M2.5 3.5h11v9h-11zM2.5 6.5h11M6.5 6.5v6',
  filter: 'M2.5 3.5h11L9.5 8.5v4l-3 1v-5z',
  thought: 'M8 2.5c3.2 0 5.5 1.9 5.5 4.5S11.2 11.5 8 11.5l-3 2v-2.6C3.4 10 2.5 8.7 2.5 7c0-2.6 2.3-4.5 5.5-4.5Z',
  clock: 'M8 2.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11ZM8 5v3l2 1.5',
  panel: 'M2.5 3h11v10h-11zM6.5 3v10',
} as const
export type IconName = keyof typeof strokes

/** A small drawing beside a word; it tells nothing by itself. */
export function Icon({ name, filled = false }: { readonly name: IconName; readonly filled?: boolean }): JSX.Element {
  return (
    <svg
      class={`icon${filled ? ' filled' : ''}`}
      viewBox="0 0 16 16"
      width="16"
      height="16"
      aria-hidden="true"
      focusable="false"
    >
      <path d={strokes[name]} />
    </svg>
  )
}
