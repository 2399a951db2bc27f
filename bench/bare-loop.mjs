/**
 * The yardstick: lists a bucket, GETs every object with eight in flight, splits lines and parses each as JSON, on
 * one thread, keeping nothing. `node bench/bare-loop.mjs ENDPOINT BUCKET [list|get|split|parse]`; keys from AWS_*.
 */
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3'

const [endpoint, bucket, depth = 'parse'] = process.argv.slice(2)
const client = new S3Client({
  endpoint,
  region: 'us-east-1',
  forcePathStyle: true,
  requestChecksumCalculation: 'WHEN_REQUIRED',
  responseChecksumValidation: 'WHEN_REQUIRED',
})
const keys = []
let pages = 0
let token
do {
  const page = await client.send(new ListObjectsV2Command({ Bucket: bucket, ContinuationToken: token }))
  pages += 1
  for (const object of page.Contents ?? []) if (object.Key.endsWith('.jsonl')) keys.push(object.Key)
  token = page.NextContinuationToken
} while (token !== undefined)

let lines = 0
let bad = 0
function parse(bytes) {
  if (bytes.length === 0) return
  lines += 1
  if (depth === 'split') return
  try {
    JSON.parse(bytes.toString('utf8'))
  } catch {
    bad += 1
  }
}

async function read(key) {
  const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }))
  let held = []
  for await (const chunk of Body) {
    if (depth === 'get') continue
    let from = 0
    for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, from)) {
      held.push(chunk.subarray(from, at))
      parse(held.length === 1 ? held[0] : Buffer.concat(held))
      held = []
      from = at + 1
    }
    if (from < chunk.length) held.push(chunk.subarray(from))
  }
  if (held.length > 0) parse(Buffer.concat(held))
}

if (depth !== 'list') {
  let next = 0
  const reader = async () => {
    while (next < keys.length) {
      next += 1
      await read(keys[next - 1])
    }
  }
  await Promise.all(Array.from({ length: 8 }, reader))
}
process.stdout.write(`${keys.length} objects in ${pages} pages, ${lines} lines, ${bad} bad\n`)
client.destroy()
