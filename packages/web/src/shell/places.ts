/** The pages of the rail, with the letter that follows `g`. */
export const PLACES = [
  { to: "/contacts", label: "Contacts", letter: "c" },
  { to: "/agents", label: "Agents", letter: "a" },
  { to: "/explorer", label: "Explorer", letter: "e" },
  { to: "/sources", label: "Sources", letter: "s" },
  { to: "/rejected", label: "Rejected", letter: "r" },
] as const;
