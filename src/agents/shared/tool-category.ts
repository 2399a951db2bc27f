/** What a tool does, over all formats: what lists and statistics group calls by. */
export type ToolCategory = 'Read' | 'Edit' | 'Write' | 'Bash' | 'Grep' | 'Glob' | 'Task' | 'Tool' | 'Other'

const namesByCategory: Readonly<Partial<Record<ToolCategory, readonly string[]>>> = {
  Read: ['Read', 'NotebookRead', 'list_files'],
  Edit: ['Edit', 'MultiEdit', 'apply_patch'],
  Write: ['Write', 'NotebookEdit'],
  Bash: ['Bash', 'shell', 'shell_command', 'exec_command', 'write_stdin', 'local_shell'],
  Grep: ['Grep'],
  Glob: ['Glob'],
  Task: ['Task', 'Agent', 'spawn_agent'],
  Tool: ['Skill', 'WebFetch', 'WebSearch', 'web_search', 'TodoWrite', 'AskUserQuestion'],
}

const categories = new Map<string, ToolCategory>(
  (Object.keys(namesByCategory) as ToolCategory[]).flatMap((category) =>
    (namesByCategory[category] ?? []).map((name) => [name, category] as const),
  ),
)

/** The category of a tool by its name; tools that start a subagent are `Task`, unknown ones `Other`. */
export function toolCategory(name: string): ToolCategory {
  return categories.get(name) ?? (name.includes('subagent') ? 'Task' : 'Other')
}
