import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { isUnreachable } from "./api/client.ts";
import { router } from "./router.tsx";
import { applyPreferences } from "./theme/preferences.ts";
import "./theme/tokens.css";
import "./theme/base.css";
import "./theme/print.css";

/** Only a server that did not answer is asked again; an error it answered with would come again. */
const RETRIES = 1;

const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      refetchOnWindowFocus: false,
      retry: (failures, error) => failures < RETRIES && isUnreachable(error),
      retryDelay: 500,
      // "always": a browser that believes itself offline can still reach a server on this machine
      networkMode: "always",
    },
  },
});

applyPreferences();
const host = document.getElementById("root");
if (host === null) throw new Error("index.html has no element with the id root");
createRoot(host).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  </StrictMode>,
);
