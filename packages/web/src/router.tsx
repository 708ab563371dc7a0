import { createRootRoute, createRoute, createRouter, redirect, retainSearchParams } from "@tanstack/react-router";
import { AgentPage } from "./agents/agent-page.tsx";
import { readAgentSearch } from "./agents/agent-search.ts";
import { BoardPage } from "./board/board-page.tsx";
import { readBoardSearch } from "./board/board-search.ts";
import { ContactPage } from "./contact/contact-page.tsx";
import { ContactsPage } from "./contacts/contacts-page.tsx";
import { ExplorerPage } from "./explorer/explorer-page.tsx";
import { RejectedPage } from "./rejected/rejected-page.tsx";
import {
  parseSearch,
  readContactSearch,
  readExplorerSearch,
  readFilterSearch,
  readGlobalSearch,
  readRejectedSearch,
  writeSearch,
} from "./search.ts";
import { NotFound } from "./shell/not-found.tsx";
import { Shell } from "./shell/shell.tsx";
import { SourcesPage } from "./sources/sources-page.tsx";
import { PageError } from "./states/page-error.tsx";

const root = createRootRoute({
  component: Shell,
  notFoundComponent: NotFound,
  validateSearch: readGlobalSearch,
  search: { middlewares: [retainSearchParams(["from", "to", "tz", "live"])] },
});

const home = createRoute({
  getParentRoute: () => root,
  path: "/",
  beforeLoad: ({ search }) => {
    throw redirect({ to: "/contacts", search });
  },
});

const contacts = createRoute({
  getParentRoute: () => root,
  path: "/contacts",
  component: ContactsPage,
  validateSearch: readFilterSearch,
});

const contact = createRoute({
  getParentRoute: () => root,
  path: "/contacts/$contactId",
  component: ContactPage,
  validateSearch: readContactSearch,
});

const agents = createRoute({
  getParentRoute: () => root,
  path: "/agents",
  component: BoardPage,
  validateSearch: readBoardSearch,
});

const agent = createRoute({
  getParentRoute: () => root,
  path: "/agents/$agentId",
  component: AgentPage,
  validateSearch: readAgentSearch,
});

const explorer = createRoute({
  getParentRoute: () => root,
  path: "/explorer",
  component: ExplorerPage,
  validateSearch: readExplorerSearch,
});

const rejected = createRoute({
  getParentRoute: () => root,
  path: "/rejected",
  component: RejectedPage,
  validateSearch: readRejectedSearch,
});

const sources = createRoute({ getParentRoute: () => root, path: "/sources", component: SourcesPage });

export const router = createRouter({
  routeTree: root.addChildren([home, contacts, contact, agents, agent, explorer, rejected, sources]),
  parseSearch,
  stringifySearch: writeSearch,
  defaultErrorComponent: PageError,
  scrollRestoration: false,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
