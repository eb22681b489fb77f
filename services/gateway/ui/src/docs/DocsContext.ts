/** Which documentation is being read, and how its pages are addressed here. */
import { createContext, useContext } from "react";

interface Reading {
  ref: string;
  current: string;
  hrefOf: (path: string) => string;
}

export const DocsContext = createContext<Reading | null>(null);

export function useReading(): Reading {
  const reading = useContext(DocsContext);
  if (!reading) throw new Error("DocsContext is missing above this component");
  return reading;
}
