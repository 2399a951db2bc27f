/**
 * plan: what a listing asks for: whose each key is, and what each object needs.
 * In: keys, listed objects, cursors. Out: places and work. Pure.
 * Must not: do I/O, or know what is inside a log.
 */
export { isFolderMarker, keyProblem } from './key-problem.ts'
export { locator, renamer } from './locate.ts'
export type { Located, LocateRules, Recognise } from './locate.ts'
export { planObject } from './plan-object.ts'
export { planQuickPass } from './quick-pass.ts'
export type { FolderLook, KnownKey, QuickFacts, QuickPlan } from './quick-pass.ts'
export type { PlanFacts, RereadReason, Work } from './plan-object.ts'
