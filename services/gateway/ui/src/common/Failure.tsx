/** What went wrong, in words, with the way to try again; what passes is tried again without being asked. */
import { Button } from "@mantine/core";
import { useRouter, type ErrorComponentProps } from "@tanstack/react-router";
import { CircleAlert } from "lucide-react";
import { useEffect } from "react";
import { ApiError, get } from "../api/client";
import { NotFound } from "./NotFound";

const LOOK_EVERY = 3_000;

interface Props {
  error: Error;
  retry?: () => void;
}

export function Failure({ error, retry }: Props) {
  useRetryWhenBack(error, retry);
  const status = error instanceof ApiError && error.status ? `${error.status} ${error.title}` : error.name;
  const passing = error instanceof ApiError && error.passing;
  return (
    <section className="notice" role="alert">
      <CircleAlert size={28} aria-hidden className="notice-icon" />
      <h2>{passing ? "Not there right now" : "This could not be shown"}</h2>
      <p>{passing ? "A part of Sipario that this page needs does not answer. The page comes by itself once it does." : error.message}</p>
      {passing ? (
        <details className="notice-details">
          <summary>What was answered</summary>
          <p className="mono">{status}: {error.message}</p>
        </details>
      ) : <p className="dim mono">{status}</p>}
      {retry && <Button onClick={retry}>Try again</Button>}
    </section>
  );
}

/** Asks the same question beside the page, so that the page does not flicker while there is no answer. */
function useRetryWhenBack(error: Error, retry: (() => void) | undefined): void {
  useEffect(() => {
    if (!retry || !(error instanceof ApiError) || !error.passing) return undefined;
    const look = () =>
      get(error.path).then(retry, (again: unknown) => {
        if (!(again instanceof ApiError && again.passing)) retry();
      });
    const timer = window.setInterval(() => void look(), LOOK_EVERY);
    return () => window.clearInterval(timer);
    // A new function to retry with, made at each drawing, is no reason to begin waiting anew.
  }, [error]);
}

export function PageFailure({ error: cause, reset }: ErrorComponentProps) {
  const router = useRouter();
  const error = cause instanceof Error ? cause : new Error(String(cause));
  if (error instanceof ApiError && error.status === 404) return <NotFound message={error.message} />;
  const retry = () => {
    reset();
    void router.invalidate();
  };
  return <Failure error={error} retry={retry} />;
}
