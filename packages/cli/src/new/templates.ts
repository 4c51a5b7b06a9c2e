import type { Template } from './template.ts'
import { adapterTemplate } from './templates/adapter.ts'
import { exitTemplate } from './templates/exit.ts'
import { indicatorTemplate } from './templates/indicator.ts'
import { safetyTemplate } from './templates/safety.ts'
import { sizerTemplate } from './templates/sizer.ts'
import { strategyTemplate } from './templates/strategy.ts'

/** What `millrace new` can make. */
export const templates: readonly Template[] = [strategyTemplate, indicatorTemplate, sizerTemplate, safetyTemplate, exitTemplate, adapterTemplate]
