import { shown } from './events.ts'

/** What went wrong with a request, in words the server chose or, when it did not answer, of our own. */
export class ApiError extends Error {
  readonly code: string
  readonly hint: string | null
  /** 0 when there was no answer. */
  readonly status: number

  constructor(details: { code: string; message: string; hint: string | null; status: number; cause?: unknown }) {
    super(details.message, { cause: details.cause })
    this.name = 'ApiError'
    this.code = details.code
    this.hint = details.hint
    this.status = details.status
  }

  /** No answer: the server is gone, or this browser is offline. */
  get isOffline(): boolean {
    return this.status === 0
  }

  /** A failure inside this page. */
  static ofBug(error: unknown): ApiError {
    const message = error instanceof Error ? error.message : String(error)
    return new ApiError({ code: 'internal', message, hint: null, status: 0, cause: error })
  }
}

export type Params = Readonly<Record<string, string | number | boolean | readonly string[] | null | undefined>>

/** An address under /api/v1 with its parameters; what is null, false or empty is left out. */
export function apiHref(path: string, params: Params = {}): string {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(params)) {
    if (value === null || value === undefined || value === false || value === '') continue
    if (Array.isArray(value)) {
      for (const one of value as readonly string[]) search.append(name, one)
    } else search.set(name, value === true ? '1' : String(value))
  }
  const text = search.toString()
  return `/api/v1${path}${text === '' ? '' : `?${text}`}`
}

/**
 * Asks the API. The shape is the server's promise; what is wrong is thrown as `ApiError`.
 * @param method  POST for actions
 */
export async function request<T>(
  href: string,
  options: {
    readonly signal?: AbortSignal | undefined
    readonly method?: 'GET' | 'POST'
    readonly body?: unknown
  } = {},
): Promise<T> {
  const { signal, method = 'GET', body } = options
  const answered = shown.ask()
  const answer = await send(href, {
    method,
    signal: signal ?? null,
    headers: body === undefined ? {} : { 'Content-Type': 'application/json' },
    body: body === undefined ? null : JSON.stringify(body),
  })
  const data = await read(answer)
  answered(answer.headers.get('Archive-Version'))
  if (answer.ok) return data as T
  throw failureOf(answer, data)
}

/** Fetches a file, with the name the server gives it. @throws ApiError */
export async function requestFile(href: string): Promise<{ readonly name: string | null; readonly blob: Blob }> {
  const answer = await send(href, { headers: {} })
  if (!answer.ok) throw failureOf(answer, await read(answer))
  const name = /filename="([^"]+)"/.exec(answer.headers.get('Content-Disposition') ?? '')?.[1] ?? null
  try {
    return { name, blob: await answer.blob() }
  } catch (cause) {
    // The server broke off: what it read from was cut short or gone.
    throw new ApiError({ code: 'offline', message: 'the file did not come whole', hint: null, status: 0, cause })
  }
}

function failureOf(answer: Response, data: unknown): ApiError {
  const error = (data as { error?: { code?: string; message?: string; hint?: string | null } } | null)?.error
  return new ApiError({
    code: error?.code ?? `http.${answer.status}`,
    message: error?.message ?? `${answer.status} ${answer.statusText}`,
    hint: error?.hint ?? null,
    status: answer.status,
  })
}

async function send(href: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(href, init)
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause
    throw new ApiError({ code: 'offline', message: 'no answer', hint: null, status: 0, cause })
  }
}

async function read(answer: Response): Promise<unknown> {
  const text = await answer.text()
  try {
    return JSON.parse(text) as unknown
  } catch (cause) {
    if (!answer.ok) return null
    throw new ApiError({
      code: 'internal',
      message: 'the answer is not JSON',
      hint: null,
      status: answer.status,
      cause,
    })
  }
}
