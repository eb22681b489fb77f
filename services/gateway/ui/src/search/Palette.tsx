/** The search palette: `mod+K` or `/` from anywhere, keyboard only if one likes. */
import { Modal } from "@mantine/core";
import { useDisclosure, useHotkeys } from "@mantine/hooks";
import { createContext, lazy, Suspense, useContext, useEffect, useMemo, type ReactNode } from "react";

const load = () => import("./PaletteBody");
const PaletteBody = lazy(() => load().then(({ PaletteBody: body }) => ({ default: body })));
const PaletteContext = createContext<{ open: () => void }>({ open: () => undefined });

export const usePalette = () => useContext(PaletteContext);

export function PaletteProvider({ children }: { children: ReactNode }) {
  const [opened, { open, close, toggle }] = useDisclosure(false);
  useHotkeys([["mod+K", toggle]], []);
  useHotkeys([["/", open]]);
  // Fetched once the page is at rest, so that the first keystroke already finds it.
  useEffect(() => void window.setTimeout(() => void load(), 1_500), []);
  const value = useMemo(() => ({ open }), [open]);
  return (
    <PaletteContext value={value}>
      {children}
      <Modal
        opened={opened} onClose={close} withCloseButton={false} size={640} yOffset="12vh" padding={0} radius="lg"
        attributes={{ content: { "aria-label": "Search" } }} transitionProps={{ duration: 90, transition: "pop" }} classNames={{ content: "palette" }}
      >
        <Suspense fallback={<div className="palette-waiting" />}>
          <PaletteBody close={close} />
        </Suspense>
      </Modal>
    </PaletteContext>
  );
}
