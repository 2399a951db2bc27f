/**
 * The yardstick of searching: the best messages of a word by the full-text index alone, nothing looked up, and how
 * many there are. `node bench/bare-search.mjs ARCHIVE-FILE WORD`.
 */
import Database from 'libsql'

const [path, word] = process.argv.slice(2)
const archive = new Database(path)
const match = `"${word}"`
const best = archive
  .prepare(
    `SELECT rowid, bm25(message_words, 1.0, 0.5) AS score FROM message_words
     WHERE message_words MATCH ? ORDER BY score LIMIT 50`,
  )
  .all([match])
const { total } = archive
  .prepare('SELECT count(*) AS total FROM message_words WHERE message_words MATCH ?')
  .get([match])
process.stdout.write(`${best.length} of ${total}\n`)
archive.close()
