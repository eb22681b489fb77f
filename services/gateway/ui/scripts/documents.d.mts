export function documents(): { service: string; document: string; types: string }[];
export function stampOf(document: string): string;
export function outdated(): string[];
