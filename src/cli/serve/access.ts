import { readFile } from 'node:fs/promises'
import { networkInterfaces } from 'node:os'
import { resolve } from 'node:path'

import { AgentsviewError, Secret } from '../../base/index.ts'
import type { Access } from '../../server/index.ts'
import type { CommandContext } from '../context.ts'
import type { ServeArguments } from './options.ts'

/** Shorter tokens could be guessed. */
const shortestToken = 16
const ownAddresses: readonly string[] = ['127.0.0.1', '::1', 'localhost']
const everyAddress: readonly string[] = ['0.0.0.0', '::']

/**
 * Who may use the server: this machine alone, or whoever has the token, under the names it is reached by.
 * @throws AgentsviewError `usage.host` without a token for others; `usage.token` for a file that holds none
 */
export async function accessOf(args: ServeArguments, { io }: CommandContext): Promise<Access> {
  const token = args['token-file'] === undefined ? null : await readToken(resolve(io.cwd, args['token-file']))
  const isOwn = ownAddresses.includes(args.host)
  const named = args['allow-host'] ?? []
  if (token === null && (!isOwn || named.length > 0)) {
    throw new AgentsviewError({
      code: 'usage.host',
      message: `without a token serve does not answer ${isOwn ? named.join(', ') : args.host}: whoever reaches it could read every session`,
      hint: 'Give --token-file FILE, or use a tunnel, such as ssh -L 8080:127.0.0.1:8080 HOST.',
    })
  }
  const addresses = everyAddress.includes(args.host)
    ? Object.values(networkInterfaces()).flatMap((one) => (one ?? []).map(({ address }) => address))
    : [args.host]
  const names = isOwn ? [] : [io.hostname, `${io.hostname}.local`]
  return { token, hosts: [...addresses.map(inHostHeader), ...names, ...named] }
}

/** The address for a person to open; a server on every address is shown by the machine's name. */
export function shownUrl(url: string, host: string, hostname: string): string {
  return everyAddress.includes(host) ? url.replace(/\/\/(\[::\]|0\.0\.0\.0)/, `//${hostname}`) : url
}

function inHostHeader(address: string): string {
  return address.includes(':') ? `[${address.split('%')[0] ?? address}]` : address
}

async function readToken(path: string): Promise<Secret> {
  const token = await readText(path)
  if (token.length >= shortestToken && !/\s/.test(token)) return new Secret(token)
  throw new AgentsviewError({
    code: 'usage.token',
    message: `${path} does not hold one word of at least ${shortestToken} characters`,
    hint: makeOne,
  })
}

const makeOne = 'Make one: openssl rand -hex 32 > FILE && chmod 600 FILE'

async function readText(path: string): Promise<string> {
  try {
    return (await readFile(path, 'utf8')).trim()
  } catch (cause) {
    throw new AgentsviewError({ code: 'usage.token', message: `${path} cannot be read`, hint: makeOne, cause })
  }
}
