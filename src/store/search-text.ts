/** Scripts written without spaces between words: Han, kana, Hangul. */
const unspaced = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}ー々〆]+/gu
const hasUnspaced =
  /[\u1100-\u11FF\u2E80-\u9FFF\uA960-\uA97F\uAC00-\uD7FF\uF900-\uFAFF\uFF66-\uFFDC]|[\uD81B\uD82B\uD82C\uD840-\uD8BF]|\uD83C\uDE00/

/** True when a text holds script that `cutForIndex` changes; cheap, and never falsely false. */
export function needsCut(text: string): boolean {
  return hasUnspaced.test(text)
}

/**
 * Text as the word index takes it: every run of unspaced script becomes overlapping pairs of
 * characters and its last character alone, so that words of one, two or more characters are found
 * with an ordinary word index.
 */
export function cutForIndex(text: string): string {
  return text.replace(unspaced, (run) => {
    const characters = [...run]
    return ` ${characters.map((character, place) => character + (characters[place + 1] ?? '')).join(' ')} `
  })
}

/**
 * The index query for one literal word or phrase of a person: the same cut, as a phrase. The last
 * pair is left open where it stands for a single character.
 * @returns text for an FTS5 MATCH, quoted, with nothing of the word taken as syntax; empty when the
 *   word holds nothing that is indexed
 */
export function matchPhrase(word: string, isPrefix: boolean): string {
  const tokens = cutForQuery(word)
  if (!/[\p{L}\p{N}]/u.test(tokens.text)) return ''
  const quoted = `"${tokens.text.replaceAll('"', '""').trim()}"`
  return isPrefix || tokens.endsInSingle ? `${quoted} *` : quoted
}

function cutForQuery(word: string): { text: string; endsInSingle: boolean } {
  let endsInSingle = false
  const text = word.replace(unspaced, (run, at: number) => {
    const characters = [...run]
    const isLast = at + run.length === word.length
    if (characters.length === 1) {
      endsInSingle ||= isLast
      return ` ${run} `
    }
    const pairs = characters.slice(0, -1).map((character, place) => character + (characters[place + 1] ?? ''))
    return ` ${pairs.join(' ')} `
  })
  return { text, endsInSingle }
}
