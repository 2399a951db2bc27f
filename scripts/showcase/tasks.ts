import type { Step } from '../../test/browser/claude-log.ts'

/** What people of the showcase ask for. */
export const tasks: readonly {
  readonly title: string
  readonly project: string
  readonly branch: string
  readonly prompt: string
  readonly more: readonly string[]
}[] = [
  {
    title: 'Retry webhooks with backoff',
    project: 'shop-api',
    branch: 'feat/webhook-retry',
    prompt:
      'Webhook deliveries that fail with a 5xx are lost. Retry them with exponential backoff, at most six times, and keep the attempts in the table.',
    more: [
      'Add a metric for given-up deliveries.',
      'The backoff needs jitter, otherwise they all come back at once.',
      'Run the whole suite once more, please.',
    ],
  },
  {
    title: 'Checkout totals off by one cent',
    project: 'shop-api',
    branch: 'fix/rounding',
    prompt: 'The cart says 19.99, the invoice 20.00. Find where the rounding differs and use integers everywhere.',
    more: ['Also for refunds.', 'Write down in the README how money is rounded.'],
  },
  {
    title: 'Move image resizing off the request path',
    project: 'shop-web',
    branch: 'perf/images',
    prompt: 'Product pages wait for image resizing. Make it a job and serve the original until it is done.',
    more: ['Measure the page before and after.', 'What happens when the worker is down?'],
  },
  {
    title: 'Dark mode for the admin pages',
    project: 'shop-web',
    branch: 'feat/admin-dark',
    prompt: 'Give the admin pages the same dark mode as the shop. Colours come from tokens.css only.',
    more: ['The chart axes are still black.', 'Contrast of the disabled buttons is too low.'],
  },
  {
    title: 'Faster cold start of the ingest worker',
    project: 'pipeline',
    branch: 'perf/cold-start',
    prompt: 'The ingest worker takes 9 s to start. Profile it and halve that.',
    more: ['Load the tokenizer lazily.', 'Does this hold on the GPU boxes as well?'],
  },
  {
    title: 'Out of memory in nightly training',
    project: 'vision',
    branch: 'main',
    prompt: 'Nightly training dies after epoch 3 with CUDA out of memory. It did not a week ago. Find the commit.',
    more: ['Revert only the collate change.', 'Add a test that runs three epochs on the tiny set.'],
  },
  {
    title: 'Evaluate the new detector on night scenes',
    project: 'vision',
    branch: 'exp/night',
    prompt: 'Compare detector v4 and v5 on the night split: mAP, latency, and the ten worst pictures of each.',
    more: ['Put the table into the report.', 'Why is v5 slower with batch size 1?'],
  },
  {
    title: '导出报表支持中文列名',
    project: 'reports',
    branch: 'feat/zh-export',
    prompt: '导出 CSV 时中文列名变成乱码，请加上 BOM 并补一个测试。',
    more: ['Excel 里日期列也要能识别。', '顺便更新文档。'],
  },
  {
    title: 'Terraform plan drifts on every run',
    project: 'infra',
    branch: 'fix/drift',
    prompt: 'terraform plan shows the same six changes on every run. Find out what keeps changing them back.',
    more: ['Import the two load balancers properly.', 'Make CI fail on drift.'],
  },
  {
    title: 'Flaky login test on CI',
    project: 'shop-web',
    branch: 'fix/flaky-login',
    prompt: 'login.spec.ts fails about once in twenty runs on CI and never here. Reproduce it first.',
    more: ['Wait for the response, not for 500 ms.', 'Run it two hundred times.'],
  },
  {
    title: 'Upgrade to Node 22',
    project: 'infra',
    branch: 'chore/node-22',
    prompt: 'Move all services to Node 22. List what breaks before you change anything.',
    more: ['Pin the images by digest.', 'Start with the reports service.'],
  },
  {
    title: 'Explain the billing module',
    project: 'shop-api',
    branch: 'main',
    prompt: 'I am new here. Explain how an order becomes an invoice, with the files in the order they are called.',
    more: ['Which part would you test first?'],
  },
]

const test = `[1m RUN [0m shop-api

 [32m✓[0m src/webhooks/backoff.test.ts (6 tests) 24ms
 [32m✓[0m src/webhooks/deliver.test.ts (11 tests) 180ms
 [31m✗[0m src/webhooks/give-up.test.ts (3 tests) 31ms
   [31m→ expected 6 attempts, got 7[0m

 Tests  [31m1 failed[0m | [32m19 passed[0m
`

const before = `export async function deliver(hook: Webhook): Promise<void> {
  const answer = await post(hook.url, hook.body)
  if (!answer.ok) log.warn('webhook failed', hook.id)
}`
const after = `export async function deliver(hook: Webhook, attempt = 0): Promise<void> {
  const answer = await post(hook.url, hook.body)
  if (answer.ok) return
  if (attempt >= maxAttempts) return await giveUp(hook)
  await queue.add(hook, { delay: backoffMs(attempt), attempt: attempt + 1 })
}`

/** What models of the showcase do. */
export const steps: readonly Step[] = [
  {
    thinking:
      'Failures are only logged. I need a queue that survives restarts, a delay that grows, and a limit. First: what is there already?',
    text: 'I will look at how deliveries are made today, then at the queue.',
    tool: {
      name: 'Grep',
      input: { pattern: 'deliver\\(', path: 'src' },
      result: 'src/webhooks/deliver.ts:12\nsrc/webhooks/index.ts:40\nsrc/orders/paid.ts:88',
    },
  },
  { tool: { name: 'Read', input: { file_path: 'src/webhooks/deliver.ts' }, result: before } },
  {
    text: 'The queue keeps its jobs in Postgres, so retries survive a restart. The change is small:',
    tool: {
      name: 'Edit',
      input: { file_path: 'src/webhooks/deliver.ts', old_string: before, new_string: after },
      result: 'The file has been updated.',
    },
  },
  { tool: { name: 'Bash', input: { command: 'npm test -- src/webhooks' }, result: test, isError: true } },
  {
    thinking: 'Seven: the first delivery counts as an attempt. The comparison should be against retries, not attempts.',
    text: 'The first delivery was counted as a retry. `attempt` starts at 0, so the limit has to be compared *after* it was raised.',
  },
  {
    tool: {
      name: 'TodoWrite',
      input: {
        todos: [
          { content: 'Retry with backoff and jitter', status: 'completed' },
          { content: 'Give up after six attempts', status: 'in_progress' },
          { content: 'Metric and alert', status: 'pending' },
        ],
      },
      result: 'Todos have been modified.',
    },
  },
  {
    text: `Done. What changed:

| File | Change |
|---|---|
| \`deliver.ts\` | retries with backoff, gives up after six |
| \`backoff.ts\` | new: \`base · 2ⁿ\` with ±20 % jitter |
| \`give-up.ts\` | writes the last error and raises a metric |

\`\`\`ts
/** Milliseconds to wait before the next attempt. */
export function backoffMs(attempt: number): number {
  const base = 2_000 * 2 ** attempt
  return Math.round(base * (0.8 + Math.random() * 0.4))
}
\`\`\`

1. Deliveries that fail with **4xx** are not retried.
2. The table keeps every attempt with its status.`,
  },
  {
    tool: {
      name: 'Bash',
      input: { command: 'git diff --stat' },
      result:
        ' src/webhooks/backoff.ts | 14 ++++++++++++++\n src/webhooks/deliver.ts |  9 +++++----\n 2 files changed, 19 insertions(+), 4 deletions(-)\n',
    },
  },
  {
    tool: {
      name: 'mcp__metrics__query',
      input: { series: 'webhook_failures_total', window: '7d', by: ['status', 'region'] },
      result:
        '{"series":[{"status":502,"region":"eu","value":184},{"status":503,"region":"eu","value":37}],"truncated":false}',
    },
  },
  { text: 'All green now. Shall I open the pull request?' },
]
