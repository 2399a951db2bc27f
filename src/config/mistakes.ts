import { AgentsviewError } from '../base/index.ts'
import { lineOf } from './toml-scan.ts'
import type { TomlNode, TomlPath } from './toml-scan.ts'

/** Collects what is wrong with a config, so that all of it is told at once. */
export class Mistakes {
  readonly #file: string
  readonly #text: string
  readonly #nodes: readonly TomlNode[]
  readonly #found: { readonly line: number; readonly text: string; readonly what: string }[] = []
  readonly #warnings: string[] = []

  /** @param file the file's name as people should read it */
  constructor(file: string, text: string, nodes: readonly TomlNode[]) {
    this.#file = file
    this.#text = text
    this.#nodes = nodes
  }

  /** Notes a mistake at a place; a place the file lacks is shown at the nearest table that holds it. */
  add(path: TomlPath, message: string): void {
    const line = this.#lineOf(path)
    const what = `${showPath(path)}: ${message}`
    this.#found.push({ line, text: `${this.#file}:${line}: ${what}`, what })
  }

  /** Notes something odd that stops nothing. */
  warn(path: TomlPath, message: string): void {
    this.#warnings.push(`${this.#file}:${this.#lineOf(path)}: ${showPath(path)}: ${message}`)
  }

  /** A place of the file as `file:line`. */
  placeOf(path: TomlPath): string {
    return `${this.#file}:${this.#lineOf(path)}`
  }

  get warnings(): readonly string[] {
    return this.#warnings
  }

  /** @throws AgentsviewError `config.invalid` with every mistake, in the file's order, when there are any */
  throwIfAny(): void {
    if (this.#found.length === 0) return
    const inOrder = this.#found.toSorted((a, b) => a.line - b.line)
    const lines = inOrder.map((one) => one.text)
    const [first = ''] = lines
    throw new AgentsviewError({
      code: 'config.invalid',
      message: lines.length === 1 ? first : `${lines.length} mistakes in the config\n${lines.join('\n')}`,
      hint: 'Correct the file, then: agentsview config check',
      context: { mistakes: inOrder.map((one) => one.what) },
    })
  }

  #lineOf(path: TomlPath): number {
    for (let length = path.length; length > 0; length -= 1) {
      const above = path.slice(0, length)
      const node = this.#nodes.find((one) => startsWith(one.path, above))
      if (node !== undefined) return lineOf(this.#text, node.kind === 'entry' ? node.key.from : node.span.from)
    }
    return 1
  }
}

/** `remotes[1].rename."ci-*"`. */
export function showPath(path: TomlPath): string {
  return path
    .map((part, at) => {
      if (typeof part === 'number') return `[${part}]`
      const shown = /^[A-Za-z0-9_-]+$/.test(part) ? part : JSON.stringify(part)
      return at === 0 ? shown : `.${shown}`
    })
    .join('')
}

function startsWith(path: TomlPath, above: TomlPath): boolean {
  return above.every((part, at) => part === path[at])
}
