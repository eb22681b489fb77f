/** The client cache: what is in it stays true by events, so it is seldom asked again for its age. */
import { QueryClient } from "@tanstack/react-query";
import { ApiError, onSignedOut } from "./client";
import { KEY } from "./queries";

const worthRetrying = (error: Error) => !(error instanceof ApiError) || error.passing;

export function makeQueryClient(): QueryClient {
  const client = new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 30_000,
        refetchOnWindowFocus: "always",
        retry: (count, error) => worthRetrying(error) && count < 3,
        retryDelay: (count) => 300 * 2 ** count,
      },
    },
  });
  onSignedOut(() => client.setQueryData([KEY.session], { user: null }));
  return client;
}
