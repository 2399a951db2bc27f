/**
 * Bundles src/ into a folder: `main.js`, and below `program/` the pieces that it loads when they are wanted, with the
 * packages they use in them. A few large files load in half the time of the hundreds they are made of.
 *
 * `node scripts/bundle.mjs [folder]`; dist/ when none is said. The paths that the code builds from its own place are
 * the same for src/ROOM/ and for dist/program/: two folders below the one that holds package.json.
 */
import { chmod } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'vite'
import { root } from './setup.mjs'

/** Stay packages of their own: the one is native code, the other is for archives on servers alone. */
const apart = ['libsql', '@libsql/client']

/** Bundles the program. @param {string} folder  made when it is missing; other files in it stay */
export async function bundle(folder) {
  await build({
    root,
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    // One copy for all packages.
    resolve: { alias: { 'string-width': join(root, 'node_modules/string-width/index.js') } },
    plugins: [lateWidth],
    ssr: { noExternal: true, external: apart, target: 'node' },
    build: {
      ssr: true,
      outDir: folder,
      emptyOutDir: false,
      target: 'node20.19',
      minify: false,
      license: { fileName: 'program/licenses.md' },
      rolldownOptions: {
        input: {
          main: join(root, 'src/main.ts'),
          'program/parse-worker': join(root, 'src/ingest/parse-worker.ts'),
          'program/store-worker': join(root, 'src/ingest/store-worker.ts'),
        },
        output: { format: 'esm', entryFileNames: '[name].js', chunkFileNames: 'program/[name]-[hash].js' },
      },
    },
  })
  await chmod(join(folder, 'main.js'), 0o755)
}

/**
 * `string-width` makes two things when it is loaded that take Node up to 50 ms, and wants them for text beyond ASCII
 * alone. Here they are made when they are first asked.
 */
const lateWidth = {
  name: 'late-width',
  transform: {
    filter: { id: /\/string-width\/index\.js$/ },
    handler(code) {
      let late = code
      for (const { name, value, made, method } of slowParts) {
        const eager = `const ${name} = ${value};`
        if (!late.includes(eager)) throw new Error(`string-width has its ${name} no more: look at scripts/bundle.mjs`)
        const lazy = `let made_${name}; const ${name} = { ${method}: text => (made_${name} ??= ${made}).${method}(text) };`
        late = late.replace(eager, () => lazy)
      }
      return { code: late, map: null }
    },
  },
}

const slowParts = [
  { name: 'segmenter', value: 'new Intl.Segmenter()', made: 'new Intl.Segmenter()', method: 'segment' },
  {
    name: 'rgiEmojiRegex',
    value: String.raw`/^\p{RGI_Emoji}$/v`,
    // A literal would be compiled while the file is read.
    made: String.raw`new RegExp('^\\p{RGI_Emoji}$', 'v')`,
    method: 'test',
  },
]

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await bundle(resolve(process.argv[2] ?? join(root, 'dist')))
}
