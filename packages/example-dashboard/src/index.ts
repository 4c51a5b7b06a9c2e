export { startDashboard } from './server/serve.ts'
export type { Dashboard, DashboardOptions } from './server/serve.ts'
