/** The mark: a curtain that is just parting. */
export function Mark({ size = 28 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden className="mark">
      <path d="M3 4.500h26v3H3z" />
      <path d="M4.500 7.500h10.300C14.300 16 11 23.500 4.500 28z" />
      <path d="M27.500 7.500H17.200C17.700 16 21 23.500 27.500 28z" opacity=".7" />
    </svg>
  );
}

export function Logo() {
  return (
    <span className="logo">
      <Mark />
      <span className="wordmark">Sipario</span>
    </span>
  );
}
