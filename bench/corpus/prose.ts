import type { Random } from './random.ts'

const words =
  `the a parser cursor bucket object session message token price offset stream retry error test build cache index
schema query commit branch merge review fix add remove rename split join read write open close async await promise buffer
line byte string number array map set filter sort group count sum total report table column row key value config remote
machine project folder file path name list type interface function class module import export return const let error warning
timeout signal abort range header etag prefix page limit cursor worker thread queue lock transaction rollback migration login
user account payment invoice order cart checkout address email password reset verify deploy release version changelog docs`
    .split(/\s+/)
    .filter((word) => word !== '')
const syllables = ['ka', 'mo', 'ri', 'te', 'su', 'lan', 'dor', 'vex', 'pol', 'nim', 'gra', 'che', 'qui', 'zan', 'hol']
const wide = [
  '请修复登录页面的错误,然后运行所有测试。',
  'データベースの移行が失敗しました。ログを確認してください。',
  '한국어 텍스트도 올바르게 처리되어야 합니다.',
  'Проверьте, что смещения считаются в байтах, а не в символах.',
  'ünïcödé façade naïve Straße — “quoted” … 𝛼𝛽𝛾',
  '✅ done 🚀 shipped 👩‍💻 reviewing 🇯🇵 🧪 tests 🐛 fixed',
]

/** Text to fill messages with: English, made-up and wide words; cheap, because lines are made once. */
export interface Prose {
  /** A few sentences of about this many characters. */
  text(characters: number): string
  /** Lines as a tool prints them, of about this many characters. */
  output(characters: number): string
}

/** Makes a pool of lines once; texts are runs of its lines. */
export function proseOf(random: Random): Prose {
  const vocabulary = [...words]
  for (let count = 0; count < 4000; count += 1) {
    vocabulary.push(Array.from({ length: random.int(2, 4) }, () => random.pick(syllables)).join(''))
  }
  // Squaring makes the first words common and the last ones rare, as in speech.
  const word = (): string => vocabulary[Math.floor(random.fraction() ** 2 * vocabulary.length)] ?? 'the'
  const sentence = (): string => {
    if (random.chance(0.06)) return random.pick(wide)
    return `${Array.from({ length: random.int(6, 14) }, word).join(' ')}.`
  }
  const printed = (): string => {
    if (random.chance(0.03)) return random.pick(wide)
    const code = `${' '.repeat(random.int(0, 4) * 2)}${word()}.${word()}(${word()}, "${word()}") // ${word()} ${word()}`
    return random.chance(0.5)
      ? code
      : `src/${word()}/${word()}.ts:${random.int(1, 900)}:\t${word()} ${word()} ${word()}`
  }
  const sentences = Array.from({ length: 4000 }, sentence)
  const lines = Array.from({ length: 20_000 }, printed)
  const take = (pool: readonly string[], characters: number, joint: string): string => {
    const count = Math.max(1, Math.round(characters / 60))
    const from = random.int(0, Math.max(0, pool.length - count))
    return pool.slice(from, from + count).join(joint)
  }
  return {
    text: (characters) => take(sentences, characters, ' '),
    output: (characters) => {
      const parts: string[] = []
      for (let left = characters; left > 0; left -= 600_000) parts.push(take(lines, Math.min(left, 600_000), '\n'))
      return parts.join('\n')
    },
  }
}
