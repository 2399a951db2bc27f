import type { HighlighterCore, ThemedToken } from 'shiki/core'

/** Languages by the names that fences and file endings use; each is fetched when first met. */
const languages = {
  typescript: () => import('shiki/langs/typescript.mjs'),
  tsx: () => import('shiki/langs/tsx.mjs'),
  javascript: () => import('shiki/langs/javascript.mjs'),
  json: () => import('shiki/langs/json.mjs'),
  shellscript: () => import('shiki/langs/shellscript.mjs'),
  python: () => import('shiki/langs/python.mjs'),
  go: () => import('shiki/langs/go.mjs'),
  rust: () => import('shiki/langs/rust.mjs'),
  java: () => import('shiki/langs/java.mjs'),
  c: () => import('shiki/langs/c.mjs'),
  sql: () => import('shiki/langs/sql.mjs'),
  yaml: () => import('shiki/langs/yaml.mjs'),
  toml: () => import('shiki/langs/toml.mjs'),
  html: () => import('shiki/langs/html.mjs'),
  css: () => import('shiki/langs/css.mjs'),
  diff: () => import('shiki/langs/diff.mjs'),
} as const
type LanguageName = keyof typeof languages

const otherNames: Readonly<Record<string, LanguageName>> = {
  ts: 'typescript',
  mts: 'typescript',
  js: 'javascript',
  mjs: 'javascript',
  cjs: 'javascript',
  jsx: 'tsx',
  jsonc: 'json',
  jsonl: 'json',
  sh: 'shellscript',
  bash: 'shellscript',
  zsh: 'shellscript',
  shell: 'shellscript',
  console: 'shellscript',
  py: 'python',
  golang: 'go',
  rs: 'rust',
  h: 'c',
  yml: 'yaml',
  xml: 'html',
  vue: 'html',
  patch: 'diff',
}

const mostCharacters = 20_000
const mostLineCharacters = 1000

/** The language a fence or a file's ending names; null when there is none we colour. */
export function languageOf(name: string): LanguageName | null {
  const small = name.toLowerCase()
  return Object.hasOwn(languages, small) ? (small as LanguageName) : (otherNames[small] ?? null)
}

let core: Promise<HighlighterCore> | null = null

async function open(): Promise<HighlighterCore> {
  const [{ createHighlighterCore }, { createJavaScriptRegexEngine }] = await Promise.all([
    import('shiki/core'),
    import('shiki/engine/javascript'),
  ])
  return await createHighlighterCore({
    themes: [import('shiki/themes/github-light-default.mjs'), import('shiki/themes/github-dark-default.mjs')],
    langs: [],
    // This engine makes ordinary regular expressions: no WebAssembly and no eval, which the page forbids.
    engine: createJavaScriptRegexEngine({ forgiving: true }),
  })
}

/**
 * Lines of code as coloured pieces; the colours of both themes stand in each piece's `htmlStyle`.
 * @returns null when the code is too large to be worth it
 */
export async function highlight(code: string, language: LanguageName): Promise<readonly ThemedToken[][] | null> {
  if (code.length > mostCharacters || code.split('\n').some((line) => line.length > mostLineCharacters)) return null
  core ??= open()
  const highlighter = await core
  if (!highlighter.getLoadedLanguages().includes(language)) await highlighter.loadLanguage(languages[language]())
  return highlighter.codeToTokens(code, {
    lang: language,
    themes: { light: 'github-light-default', dark: 'github-dark-default' },
    defaultColor: false,
  }).tokens
}

/** Puts coloured pieces in place of an element's text. */
export function paint(element: Element, lines: readonly ThemedToken[][]): void {
  const fragment = document.createDocumentFragment()
  for (const [at, line] of lines.entries()) {
    if (at > 0) fragment.append('\n')
    for (const { content, htmlStyle } of line) {
      const piece = document.createElement('span')
      piece.className = 'tok'
      for (const [name, value] of Object.entries(htmlStyle ?? {})) piece.style.setProperty(name, value)
      piece.textContent = content
      fragment.append(piece)
    }
  }
  element.replaceChildren(fragment)
}
