import { defineCommand } from '../command.ts'
import { usageExplainCommand } from './usage-explain.ts'
import { usagePeriodCommand } from './usage-period.ts'
import { usageSessionCommand } from './usage-session.ts'

/** `usage`: tokens and money. */
export const usageCommand = defineCommand({
  command: 'usage',
  describe: 'Sum up tokens and money',
  subcommands: [
    usagePeriodCommand({ word: 'daily', unit: 'day', kind: 'usageDaily', describe: 'Tokens and money by day' }),
    usagePeriodCommand({
      word: 'weekly',
      unit: 'week',
      kind: 'usageWeekly',
      describe: 'By ISO week, named by its Monday',
    }),
    usagePeriodCommand({ word: 'monthly', unit: 'month', kind: 'usageMonthly', describe: 'Tokens and money by month' }),
    usageSessionCommand,
    usageExplainCommand,
  ],
})
