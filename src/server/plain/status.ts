import type { Context } from 'hono'
import { html } from 'hono/html'

import type {
  Day,
  MachineRow,
  RemoteState,
  SessionRow,
  SyncRun,
  UsageGroup,
  UsagePeriod,
  UsageSums,
} from '../../query/index.ts'
import {
  addDays,
  clockOf,
  dayOf,
  listMachines,
  listRemoteStates,
  listSessions,
  listSyncRuns,
  noFilters,
  readWindow,
  showAge,
  showCount,
  showUsd,
  usageGroups,
  usageReport,
} from '../../query/index.ts'
import type { ServerContext } from '../context.ts'
import type { Markup } from './page.ts'
import { page, sessionHref, shareBar } from './page.ts'
import { zoneOf } from '../request.ts'

/** Days in the chart and in the sums of "30 days", today among them. */
const chartDays = 30

/** `/`: what was spent where, which machines are fresh, and the latest sessions. */
export function statusRoute(context: ServerContext) {
  return async (request: Context): Promise<Response> => {
    const { ask } = context
    const now = context.now()
    const zone = zoneOf(request, context)
    const month = { ...noFilters, window: readWindow(`${chartDays - 1}d`, null, zone, now) }
    const [recent, all, machines, list, remotes, runs] = await Promise.all([
      usageReport(ask, { unit: 'day', filters: month, by: ['machine'], timezone: zone }),
      usageGroups(ask, noFilters, ['machine']),
      listMachines(ask, now),
      listSessions(ask, {
        filters: noFilters,
        hasChildren: false,
        hasCopies: false,
        hasEmpty: false,
        limit: 25,
        cursor: null,
      }),
      listRemoteStates(ask),
      listSyncRuns(ask, 1),
    ])
    const ago = (time: string | null): string => (time === null ? '–' : showAge(now - Date.parse(time)))
    const isEmpty = list.total === 0 && machines.length === 0
    return request.html(
      page(
        { title: 'Status', query: '' },
        html`${isEmpty ? html`<p class="notice">Nothing is in the archive yet. Read the logs into it: <code>agentsview sync</code></p>` : ''}
          ${cards(recent.totals, all.totals, list.total, machines.length)}
          ${daysChart(recent.periods, dayOf(now, zone))}
          <div class="columns">
            ${machineTable(machines, recent.totals.groups ?? [], all, ago)}
            ${remoteTable(remotes, runs[0] ?? null, ago)}
          </div>
          ${sessionTable(list.sessions, zone)}
          <p class="dim">Days of ${zone}. ${unpriced(all.totals)}</p>`,
      ),
    )
  }
}

function cards(recent: UsageSums, all: UsageSums, sessions: number, machines: number): Markup {
  const card = (name: string, value: string, more: string): Markup =>
    html`<div>
      <dt>${name}</dt>
      <dd>${value}</dd>
      <dd class="dim">${more}</dd>
    </div>`
  return html`<dl class="cards">
    ${card('30 days', showUsd(recent.totalCost), `${showCount(recent.totalTokens, true)} tokens`)}
    ${card('All time', showUsd(all.totalCost), `${showCount(all.totalTokens, true)} tokens`)}
    ${card('Sessions', showCount(sessions, false), 'without subagents and copies')}
    ${card('Machines', showCount(machines, false), '')}
  </dl>`
}

/** Cost of the last 30 days as bars; each bar tells its day and sum on hover, the same numbers are in the JSON. */
function daysChart(periods: readonly UsagePeriod[], today: Day): Markup {
  if (periods.length === 0) return html``
  const costs = new Map(periods.map(({ period, totalCost }) => [period, totalCost]))
  const days = Array.from({ length: chartDays }, (_, at) => addDays(today, at + 1 - chartDays))
  const top = Math.max(...periods.map(({ totalCost }) => totalCost ?? 0), 1e-9)
  const bars = days.map((day, at) => {
    const cost = costs.get(day)
    const height = cost === undefined ? 0.5 : Math.max(1.5, ((cost ?? 0) / top) * 60)
    return html`<rect
      x="${at * 20 + 2}"
      y="${(60 - height).toFixed(1)}"
      width="16"
      height="${height.toFixed(1)}"
      rx="1"
    >
      <title>${day}: ${showUsd(cost === undefined ? 0 : cost)}</title>
    </rect>`
  })
  return html`<figure>
    <svg class="days" viewBox="0 0 ${chartDays * 20} 60" preserveAspectRatio="none" role="img" aria-label="Cost by day">
      ${bars}
    </svg>
    <figcaption class="dim"><span>${days[0]}</span><span>cost by day</span><span>${today}</span></figcaption>
  </figure>`
}

function machineTable(
  machines: readonly MachineRow[],
  recent: readonly UsageGroup[],
  all: { readonly groups: readonly UsageGroup[]; readonly totals: UsageSums },
  ago: (time: string | null) => string,
): Markup {
  const rows = machines.map((machine) => {
    const month = recent.find((group) => group.machine === machine.name)
    const ever = all.groups.find((group) => group.machine === machine.name)
    return html`<tr>
      <th scope="row">
        ${machine.name}<span class="dim"> ${machine.remotes.join(', ')}</span
        >${shareBar(ever?.totalCostNanoUSD ?? 0, all.totals.totalCostNanoUSD ?? 0)}
      </th>
      <td class="${machine.stale ? 'stale' : ''}">${ago(machine.lastPushAt)}${machine.stale ? ' stale' : ''}</td>
      <td class="wide">${showCount(machine.sessions, false)}</td>
      <td class="wide">${showCount(ever?.totalTokens ?? 0, true)}</td>
      <td>${month === undefined ? showUsd(0) : showUsd(month.totalCost)}</td>
      <td>${ever === undefined ? showUsd(0) : showUsd(ever.totalCost)}</td>
    </tr>`
  })
  return html`<section>
    <h2>Machines</h2>
    <div class="scroll">
      <table>
        <thead>
          <tr>
            <th>Machine</th>
            <th>Last push</th>
            <th class="wide">Sessions</th>
            <th class="wide">Tokens</th>
            <th>30 days</th>
            <th>All</th>
          </tr>
        </thead>
        <tbody>
          ${rows}
        </tbody>
      </table>
    </div>
  </section>`
}

function remoteTable(
  remotes: readonly RemoteState[],
  run: SyncRun | null,
  ago: (time: string | null) => string,
): Markup {
  const summaries = run?.summary.remotes ?? []
  const rows = remotes.map((remote) => {
    const last = summaries.find(({ name }) => name === remote.name)
    const error = last?.error ?? null
    return html`<tr>
      <th scope="row">${remote.name}${error === null ? '' : html`<span class="error"> ${error.message}</span>`}</th>
      <td>${showCount(remote.machines, false)}</td>
      <td>${showCount(remote.objects, false)}</td>
      <td class="${remote.failedObjects > 0 ? 'error' : ''}">${showCount(remote.failedObjects, false)}</td>
      <td>${ago(remote.lastPushAt)}</td>
    </tr>`
  })
  const told =
    run === null
      ? 'No sync has run yet.'
      : `Last sync ${ago(run.endedAt)} ago: ${run.summary.ok ? 'all went well' : 'something failed'}.`
  return html`<section>
    <h2>Remotes</h2>
    <div class="scroll">
      <table>
        <thead>
          <tr>
            <th>Remote</th>
            <th>Machines</th>
            <th>Objects</th>
            <th>Failed</th>
            <th>Last push</th>
          </tr>
        </thead>
        <tbody>
          ${rows}
        </tbody>
      </table>
    </div>
    <p class="dim">${told}</p>
  </section>`
}

function sessionTable(sessions: readonly SessionRow[], zone: string): Markup {
  const rows = sessions.map(
    (session) =>
      html`<tr>
        <th scope="row"><a href="${sessionHref(session.id)}">${session.title}</a></th>
        <td class="left">${session.machine}</td>
        <td class="left">${session.project ?? '–'}</td>
        <td>${session.endedAt === null ? '–' : clockOf(Date.parse(session.endedAt), zone)}</td>
        <td class="wide">${showCount(session.messageCount, false)}</td>
        <td class="wide">${showCount(session.totalTokens, true)}</td>
        <td>${showUsd(session.costUSD)}</td>
      </tr>`,
  )
  return html`<section>
    <h2>Latest sessions</h2>
    <div class="scroll">
      <table class="sessions">
        <thead>
          <tr>
            <th>Title</th>
            <th class="left">Machine</th>
            <th class="left">Project</th>
            <th>Last</th>
            <th class="wide">Messages</th>
            <th class="wide">Tokens</th>
            <th>Cost</th>
          </tr>
        </thead>
        <tbody>
          ${rows}
        </tbody>
      </table>
    </div>
  </section>`
}

function unpriced(sums: UsageSums): string {
  return sums.unpricedModels.length === 0
    ? ''
    : `No price is known for ${sums.unpricedModels.join(', ')}: tokens are counted, cost is not.`
}
