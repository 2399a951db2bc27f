const closers: Readonly<Record<string, string>> = { '{': '}', '(': ')' }

/** Why a text is no glob for keys, in words for people; null when it is one. A sign after `\\` stands for itself. */
export function globProblem(glob: string): string | null {
  if (glob.trim() === '') return 'is empty'
  if (glob.startsWith('/')) return 'begins with /, which no key does'
  const open: string[] = []
  for (let at = 0; at < glob.length; at += 1) {
    const sign = glob[at] ?? ''
    if (sign === '\\') at += 1
    else if (sign === '[') {
      at = endOfClass(glob, at)
      if (at === -1) return 'has a [ without its ]'
    } else if (closers[sign] !== undefined) open.push(sign)
    else if (closers[open.at(-1) ?? ''] === sign) open.pop()
  }
  const left = open.at(-1)
  return left === undefined ? null : `has a ${left} without its ${closers[left]}`
}

/** Where a class of characters ends: its first character may be `]` itself, also after `!` or `^`. */
function endOfClass(glob: string, from: number): number {
  const first = /[!^]/.test(glob[from + 1] ?? '') ? from + 2 : from + 1
  return glob.indexOf(']', first + 1)
}
