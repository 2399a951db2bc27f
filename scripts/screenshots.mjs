/**
 * Pictures of every page for the docs, light and dark, on a desk and on a phone: starts the demo's S3 server with
 * invented sessions of a small team, syncs, serves, and takes them with Chromium into docs/img/. Needs `chromium` on
 * PATH (or AGENTSVIEW_CHROMIUM) and fonts for Chinese and emoji.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { S3Client, PutObjectCommand } from '@aws-sdk/client-s3'
import { chromium } from 'playwright-core'
import { tsImport } from 'tsx/esm/api'
import { build } from './build.mjs'
import { startDemoBucket } from './demo-bucket.mjs'
import { cleanEnvironment, finishWith, root, setUp } from './setup.mjs'

const target = join(root, 'docs', 'img')
const desk = { width: 1280, height: 800 }
const phone = { width: 390, height: 844 }
const mostBytes = 200_000
const runs = 8
const looks = [
  { colorScheme: 'light', viewport: desk, suffix: '' },
  { colorScheme: 'dark', viewport: desk, suffix: '-dark' },
  { colorScheme: 'light', viewport: phone, suffix: '-phone' },
]

/** Each picture: its name, its address, and what is done before it is taken. */
const shots = [
  { name: 'sessions', path: '/sessions', wait: 'a.session-row' },
  { name: 'transcript', path: (id) => `/s/${encodeURIComponent(id)}`, wait: 'details.tool' },
  { name: 'analytics', path: '/analytics?since=90d', wait: '.bars-chart' },
  { name: 'search', path: '/search?q=backoff', wait: '.hit' },
  { name: 'remotes', path: '/remotes?remote=prod', wait: '.drill-down td' },
  { name: 'machines', path: '/machines', wait: 'td' },
]

async function fill(demo, objects) {
  const credentials = { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' }
  // s3rver does not know the newer checksum trailers.
  const plain = { requestChecksumCalculation: 'WHEN_REQUIRED', responseChecksumValidation: 'WHEN_REQUIRED' }
  const client = new S3Client({
    endpoint: demo.endpoint,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials,
    ...plain,
  })
  for (const [Key, Body] of objects) await client.send(new PutObjectCommand({ Bucket: 'team-agents', Key, Body }))
  client.destroy()
}

function start(args, env, folder) {
  const given = ['--config', join(root, 'agentsview.toml'), '--db', `file:${join(folder, 'archive.db')}`]
  return spawn(process.execPath, [join(root, 'dist/main.js'), ...args, ...given], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
}

async function served(env, folder) {
  const child = start(['serve', '--no-open', '--json', '--allow-actions'], env, folder)
  let text = ''
  for await (const chunk of child.stdout) {
    text += chunk
    const url = /"url":\s*"([^"]+)"/.exec(text)?.[1]
    if (url !== undefined) return { child, url }
  }
  throw new Error('serve said no address')
}

async function take(browser, url, shot, look, id) {
  const { colorScheme, viewport, suffix } = look
  const options = { viewport, colorScheme, locale: 'en-US', timezoneId: 'Europe/Berlin', reducedMotion: 'reduce' }
  const context = await browser.newContext({ ...options, isMobile: viewport === phone, hasTouch: viewport === phone })
  const page = await context.newPage()
  await page.goto(new URL(typeof shot.path === 'string' ? shot.path : shot.path(id), url).href)
  await page.waitForSelector(shot.wait)
  await page.waitForFunction(() => document.querySelector('.skeleton') === null)
  // Colours of code arrive last.
  await page.waitForTimeout(900)
  const path = join(target, `${shot.name}${suffix}.png`)
  await page.screenshot({ path })
  const { size } = await stat(path)
  if (size > mostBytes) process.stderr.write(`${path} has ${size} bytes\n`)
  await context.close()
}

async function screenshots() {
  await setUp()
  const built = await build()
  if (built !== 0) return built
  const { showcase } = await tsImport('./showcase/sessions.ts', import.meta.url)
  const folder = await mkdtemp(join(tmpdir(), 'agentsview-pictures-'))
  await mkdir(target, { recursive: true })
  const demo = await startDemoBucket(folder)
  const env = cleanEnvironment({
    ...demo.environment,
    HOME: '/home/you',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  })
  const objects = [...showcase(Date.now())].toReversed()
  // In several runs, so that there is something to see of them.
  for (let run = 0; run < runs; run += 1) {
    await fill(demo, objects.slice((objects.length * run) / runs, (objects.length * (run + 1)) / runs))
    const synced = start(['sync', '--remote', '--quiet'], env, folder)
    synced.stdout.resume()
    await once(synced, 'exit')
  }
  const { child, url } = await served(env, folder)
  const executablePath = process.env.AGENTSVIEW_CHROMIUM ?? '/usr/bin/chromium'
  const args = ['--no-sandbox', '--disable-gpu', '--disable-background-networking']
  const browser = await chromium.launch({ executablePath, args })
  try {
    // The session that is still running.
    const { sessions } = await (await fetch(new URL('/api/v1/sessions?limit=1&machine=laptop', url))).json()
    for (const shot of shots) for (const look of looks) await take(browser, url, shot, look, sessions[0].id)
  } finally {
    await browser.close()
    child.kill('SIGTERM')
    await once(child, 'exit')
    await demo.stop()
    await rm(folder, { recursive: true, force: true })
  }
  return 0
}

await finishWith(screenshots())
