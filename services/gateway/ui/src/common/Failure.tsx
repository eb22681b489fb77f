/** What went wrong, in words, with the way to try again. */
import { Button } from "@mantine/core";
import { useRouter, type ErrorComponentProps } from "@tanstack/react-router";
import { CircleAlert } from "lucide-react";
import { ApiError } from "../api/client";
import { NotFound } from "./NotFound";

interface Props {
  error: Error;
  retry?: () => void;
}

export function Failure({ error, retry }: Props) {
  const status = error instanceof ApiError && error.status ? `${error.status} ${error.title}` : error.name;
  return (
    <section className="notice" role="alert">
      <CircleAlert size={28} aria-hidden className="notice-icon" />
      <h2>This could not be shown</h2>
      <p>{error.message}</p>
      <p className="dim mono">{status}</p>
      {retry && <Button onClick={retry}>Try again</Button>}
    </section>
  );
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
