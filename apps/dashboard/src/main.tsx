/** Starts the page: draws it at once and fills it as the server answers. */
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/App.tsx';
import './theme.css';
import { loadAccounts } from './services/accountStore.ts';
import { followMarket } from './services/marketStore.ts';
import { notify } from './services/notificationStore.ts';
import { describeError } from './services/orderActions.ts';
import { followTheme } from './services/theme.ts';

followTheme();

const queries = new QueryClient({ defaultOptions: { queries: { retry: 2, staleTime: 1_000 } } });

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <App />
    </QueryClientProvider>
  </StrictMode>,
);

for (const [what, load] of [
  ['The market', followMarket],
  ['The accounts', loadAccounts],
] as const) {
  load().catch((error: unknown) => notify('error', `${what} could not be read`, describeError(error)));
}
