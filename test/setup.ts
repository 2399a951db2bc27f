import fc from 'fast-check'

const seed = Number(process.env['AGENTSVIEW_SEED'])
if (Number.isSafeInteger(seed)) fc.configureGlobal({ seed })
