import { agentFormats } from '../../src/agents/index.ts'
import { describeAgent } from './agent.ts'

for (const format of agentFormats) describeAgent(format)
