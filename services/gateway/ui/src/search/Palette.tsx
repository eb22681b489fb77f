/** The search palette: Ctrl+K, ⌘K or `/` from anywhere, keyboard only if one likes. */
import { useHotkeys } from "@mantine/hooks";
import { createContext, useContext, useLayoutEffect, useMemo, useRef, useState, type MouseEvent, type ReactNode } from "react";
import { flushSync } from "react-dom";
import { PaletteBody } from "./PaletteBody";

const PaletteContext = createContext<{ open: () => void }>({ open: () => undefined });

export const usePalette = () => useContext(PaletteContext);

/** What is typed right after the shortcut belongs into the palette, so its input is there before the key's event ends. */
export function PaletteProvider({ children }: { children: ReactNode }) {
  const [opened, setOpened] = useState(false);
  const dialog = useRef<HTMLDialogElement>(null);
  const { open, close } = useMemo(
    () => ({ open: () => flushSync(() => setOpened(true)), close: () => dialog.current?.close() }),
    [],
  );
  useHotkeys([["mod+K", ({ repeat }) => repeat || (opened ? close() : open())]], []);
  useHotkeys([["/", open]]);
  // The browser's own dialog keeps the focus, hides the page behind from screen readers, and gives the focus back.
  useLayoutEffect(() => {
    if (opened && !dialog.current?.open) dialog.current?.showModal();
  }, [opened]);
  const value = useMemo(() => ({ open }), [open]);
  const onClick = ({ target }: MouseEvent) => target === dialog.current && close();
  return (
    <PaletteContext value={value}>
      {children}
      {opened && (
        <dialog ref={dialog} className="palette" aria-label="Search" onClose={() => setOpened(false)} onClick={onClick}>
          <PaletteBody close={close} />
        </dialog>
      )}
    </PaletteContext>
  );
}
