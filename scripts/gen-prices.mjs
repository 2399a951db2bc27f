// Writes src/pricing/price-data.ts from LiteLLM's published list.
//
//   node scripts/gen-prices.mjs --date 2026-11-23 --version 1.109.1 LIST.json [OLDER.json…]
//
// LIST.json is model_prices_and_context_window_backup.json out of the PyPI package `litellm`
// (pip download --no-deps litellm; unzip the wheel). Older editions, newest first, keep the last
// prices of Anthropic and OpenAI models that have left the list.
import { readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { tsImport } from 'tsx/esm/api'

const { values, positionals } = parseArgs({
  options: { date: { type: 'string' }, version: { type: 'string' } },
  allowPositionals: true,
})
if (positionals.length === 0 || !/^\d{4}-\d{2}-\d{2}$/.test(values.date ?? '') || !values.version) {
  process.stderr.write('usage: node scripts/gen-prices.mjs --date YYYY-MM-DD --version X.Y.Z LIST.json [OLDER.json…]\n')
  process.exit(2)
}
const { reducePriceList } = await tsImport('../src/pricing/reduce-price-list.ts', import.meta.url)
const [published, ...retired] = positionals.map((path) => JSON.parse(readFileSync(path, 'utf8')))
const source = `LiteLLM ${values.version} (model_prices_and_context_window, MIT)`
const list = reducePriceList(published, { source, date: values.date }, retired)

// One model a line, so that an update shows as the models it changes. Text and not JSON: it is parsed only when
// a price is asked for, and the build carries it along like any other source.
const { models, ...head } = list
const rows = Object.entries(models).map(([name, row]) => `${JSON.stringify(name)}:${JSON.stringify(row)}`)
const json = `${JSON.stringify(head).slice(0, -1)},\n"models":{\n${rows.join(',\n')}\n}}`
const literal = json.replaceAll(/[\\`$]/g, (character) => `\\${character}`)
const doc = '/** The price list as JSON text, written by scripts/gen-prices.mjs; do not edit. */'
writeFileSync(
  new URL('../src/pricing/price-data.ts', import.meta.url),
  `${doc}\nexport const priceData = \`${literal}\`\n`,
)
process.stdout.write(`${rows.length} models, ${Math.round(json.length / 1000)} kB\n`)
