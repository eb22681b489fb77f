/** The look: a burgundy curtain over warm neutral greys, and its delivery without inline `<style>` elements. */
import {
  convertCssVariables,
  createTheme,
  defaultCssVariablesResolver,
  mergeMantineTheme,
  DEFAULT_THEME,
  type CSSVariablesResolver,
  type MantineColorsTuple,
} from "@mantine/core";

const curtain: MantineColorsTuple = [
  "#fdf3f5", "#f9e1e6", "#f1bfca", "#e897a8", "#e07389", "#cf4562", "#b62c4b", "#9c1f3d", "#801831", "#5c0f22",
];
const gray: MantineColorsTuple = [
  "#faf9f9", "#f4f2f2", "#eae7e7", "#dcd8d8", "#c4bfc0", "#8d8789", "#696366", "#4d484b", "#353134", "#201d1f",
];
const dark: MantineColorsTuple = [
  "#ebe8e9", "#cfcbcd", "#aaa4a7", "#827c7f", "#454044", "#332f33", "#272427", "#1b191b", "#141214", "#0d0c0d",
];

const sans = '"Inter Variable", system-ui, -apple-system, "Segoe UI", Roboto, sans-serif';
const mono = 'ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace';

export const theme = createTheme({
  primaryColor: "curtain",
  primaryShade: { light: 7, dark: 6 },
  colors: { curtain, gray, dark },
  white: "#ffffff",
  black: "#201d1f",
  autoContrast: true,
  respectReducedMotion: true,
  fontFamily: sans,
  fontFamilyMonospace: mono,
  headings: { fontFamily: sans, fontWeight: "620" },
  fontSizes: { xs: "0.75rem", sm: "0.8125rem", md: "0.875rem", lg: "1rem", xl: "1.25rem" },
  defaultRadius: "md",
  cursorType: "pointer",
  components: {
    Tooltip: { defaultProps: { openDelay: 300, withArrow: true } },
  },
});

const resolver: CSSVariablesResolver = (merged) => {
  const resolved = defaultCssVariablesResolver(merged);
  Object.assign(resolved.light, {
    "--mantine-color-dimmed": "var(--mantine-color-gray-6)",
    "--mantine-color-placeholder": "#767073",
    "--mantine-color-default-border": "var(--mantine-color-gray-3)",
    "--mantine-color-error": "#b3261e",
  });
  Object.assign(resolved.dark, {
    "--mantine-color-placeholder": "var(--mantine-color-dark-2)",
    "--mantine-color-default-border": "var(--mantine-color-dark-4)",
    "--mantine-color-error": "#ff8a80",
  });
  return resolved;
};

/** Gives the document the theme's variables as a constructed sheet: that is allowed under `style-src 'self'`. */
export function adoptTheme(target: Document): void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(convertCssVariables(resolver(mergeMantineTheme(DEFAULT_THEME, theme)), ":root"));
  target.adoptedStyleSheets = [...target.adoptedStyleSheets, sheet];
}
