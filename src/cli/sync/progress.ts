import { cleanLine, formatBytes } from '../../base/index.ts'
import type { SyncEvent } from '../../model/index.ts'
import type { Io } from '../io.ts'

export const progressModes = ['auto', 'plain', 'json', 'none'] as const
export type ProgressMode = (typeof progressModes)[number]

/** Draws what a sync does on stderr. */
export interface Progress {
  onEvent(event: SyncEvent): void
  /** Wipes what is only for the moment; to be called before anything else is printed. */
  end(): void
}

const drawEveryMs = 100
const plainEveryMs = 5000

/** One remote's line. */
interface Track {
  readonly name: string
  listed: number
  isListed: boolean
  planned: number
  plannedBytes: number
  done: number
  failed: number
  bytes: number
  startedAt: number
  isFinished: boolean
}

/**
 * @param mode  `auto` draws bars on a terminal and nothing elsewhere; `plain` prints lines; `json`
 *   prints each event as one JSON line
 */
export function progressOf(mode: ProgressMode, io: Io, isQuiet: boolean): Progress {
  if (mode === 'none' || (mode === 'auto' && (!io.isTTY.stderr || isQuiet))) return silent
  if (mode === 'json')
    return { onEvent: (event) => void io.stderr.write(`${JSON.stringify(event)}\n`), end: () => undefined }
  return mode === 'plain' ? lines(io) : bars(io)
}

const silent: Progress = { onEvent: () => undefined, end: () => undefined }

function lines(io: Io): Progress {
  const tracks = new Map<string, Track>()
  let drawnAt = io.now()
  return {
    onEvent(event) {
      const track = follow(tracks, event, io.now())
      const isDue = io.now() - drawnAt >= plainEveryMs
      if (track === null || (!isDue && event.kind !== 'remote-finished')) return
      drawnAt = io.now()
      io.stderr.write(`${describe(track, io.now())}\n`)
    },
    end: () => undefined,
  }
}

function bars(io: Io): Progress {
  const tracks = new Map<string, Track>()
  let drawn = 0
  let drawnAt = 0
  const wipe = (): string => (drawn === 0 ? '' : `\u001B[${drawn}A\u001B[0J`)
  const draw = (): void => {
    const shown = [...tracks.values()].map((track) => describe(track, io.now()).slice(0, Math.max(20, io.columns - 1)))
    io.stderr.write(`${wipe()}${shown.join('\n')}\n`)
    drawn = shown.length
    drawnAt = io.now()
  }
  return {
    onEvent(event) {
      const track = follow(tracks, event, io.now())
      if (track !== null && (io.now() - drawnAt >= drawEveryMs || event.kind === 'remote-finished')) draw()
    },
    end() {
      io.stderr.write(wipe())
      drawn = 0
      tracks.clear()
    },
  }
}

/** Brings the line of an event's remote up to date. */
function follow(tracks: Map<string, Track>, event: SyncEvent, now: number): Track | null {
  if (!('remote' in event)) return null
  const track = tracks.get(event.remote) ?? newTrack(event.remote, now)
  tracks.set(event.remote, track)
  switch (event.kind) {
    case 'remote-listed':
      track.listed = event.objects
      track.isListed = event.isComplete
      break
    case 'work-planned':
      track.planned += event.objects
      track.plannedBytes += event.bytes
      break
    case 'bytes-read':
      track.bytes += event.bytes
      break
    case 'object-finished':
      track.done += 1
      break
    case 'object-failed':
      track.failed += 1
      break
    case 'remote-finished':
      track.isFinished = true
      break
    case 'remote-started':
    case 'object-started':
    case 'line-skipped':
      break
  }
  return track
}

function newTrack(name: string, now: number): Track {
  return {
    name,
    listed: 0,
    isListed: false,
    planned: 0,
    plannedBytes: 0,
    done: 0,
    failed: 0,
    bytes: 0,
    startedAt: now,
    isFinished: false,
  }
}

function describe(track: Track, now: number): string {
  const name = cleanLine(track.name).padEnd(12)
  if (track.planned === 0) {
    const state = track.isListed || track.isFinished ? 'nothing new' : 'listing …'
    return `${name} ${track.listed} objects, ${state}`
  }
  const seconds = Math.max(0.001, (now - track.startedAt) / 1000)
  const rate = track.bytes / seconds
  const left = Math.max(0, track.plannedBytes - track.bytes)
  const share = track.plannedBytes === 0 ? 1 : Math.min(1, track.bytes / track.plannedBytes)
  const filled = Math.round(share * 20)
  const bar = `${'█'.repeat(filled)}${'░'.repeat(20 - filled)}`
  const eta = rate > 0 && left > 0 ? ` ETA ${duration(left / rate)}` : ''
  const failed = track.failed > 0 ? ` ${track.failed} failed` : ''
  const total = `${track.planned}${track.isListed ? '' : '+'}`
  const size = `${formatBytes(track.bytes)} of ${formatBytes(track.plannedBytes)}`
  return `${name} ${bar} ${track.done}/${total} objects  ${size}  ${formatBytes(Math.round(rate))}/s${eta}${failed}`
}

function duration(seconds: number): string {
  if (seconds < 60) return `${Math.ceil(seconds)}s`
  const minutes = Math.floor(seconds / 60)
  return minutes < 60 ? `${minutes}m${Math.round(seconds % 60)}s` : `${Math.floor(minutes / 60)}h${minutes % 60}m`
}
