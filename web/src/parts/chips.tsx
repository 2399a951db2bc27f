import type { ComponentChildren, JSX } from 'preact'

import { modelShort } from '../base/format.ts'
import { agentName, agentSlot, colourOf } from '../base/shared.ts'
import { visible } from '../text/visible.ts'

/** The program that wrote a session, in its colour. */
export function AgentChip({ agent }: { readonly agent: string }): JSX.Element {
  return (
    <span class={`chip agent agent-${agentSlot(agent)}`} title={agentName(agent)}>
      {agentName(agent).split(' ')[0]}
    </span>
  )
}

/** The machine a session ran on, with its colour as a dot. */
export function MachineChip({ machine, href }: { readonly machine: string; readonly href?: string }): JSX.Element {
  const content = (
    <>
      <span class={`dot series-${colourOf('machine', machine)}`} aria-hidden="true" />
      <span class="chip-text">{visible(machine)}</span>
    </>
  )
  if (href === undefined) return <span class="chip machine">{content}</span>
  return (
    <a class="chip machine" href={href}>
      {content}
    </a>
  )
}

/** Models of a session: the first, and how many more. */
export function Models({ models }: { readonly models: readonly string[] }): JSX.Element {
  const [first, ...others] = models
  if (first === undefined) return <span class="mute">–</span>
  return (
    <span class="models" title={models.map(visible).join('\n')}>
      {visible(modelShort(first))}
      {others.length > 0 && <span class="mute"> +{others.length}</span>}
    </span>
  )
}

/** A word that says of what kind a thing is. */
export function Tag({
  tone = 'plain',
  title,
  children,
}: {
  readonly tone?: 'plain' | 'good' | 'warn' | 'bad' | 'info'
  readonly title?: string
  readonly children: ComponentChildren
}): JSX.Element {
  return (
    <span class={`tag tone-${tone}`} title={title}>
      {children}
    </span>
  )
}
