/** One `[[projects]]` block: sessions whose folder or project fits a pattern belong to the project `name`. */
export interface ProjectRule {
  readonly name: string
  /** Patterns on the whole working directory or the project's name; `*` stands for any run of characters. */
  readonly match: readonly string[]
}

/**
 * Gives the project of a session by rules, the first that fits; without one it is the project the log
 * tells. Folders are compared with `/` between their parts, whatever system they are from.
 */
export function projectNamer(
  rules: readonly ProjectRule[],
): (project: string | null, cwd: string | null) => string | null {
  const patterns = rules.flatMap(({ name, match }) => match.map((pattern) => ({ name, parts: pattern.split('*') })))
  return (project, cwd) => {
    const places = [cwd?.replaceAll('\\', '/') ?? null, project].filter((place) => place !== null)
    return patterns.find(({ parts }) => places.some((place) => fits(place, parts)))?.name ?? project
  }
}

/** Whether a text is the parts in order with anything between them; in one pass, so no pattern can stall it. */
function fits(text: string, parts: readonly string[]): boolean {
  const first = parts[0] ?? ''
  const last = parts.at(-1) ?? ''
  if (parts.length === 1) return text === first
  if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last)) return false
  let from = first.length
  const end = text.length - last.length
  for (const part of parts.slice(1, -1)) {
    const at = text.indexOf(part, from)
    if (at === -1 || at + part.length > end) return false
    from = at + part.length
  }
  return true
}
