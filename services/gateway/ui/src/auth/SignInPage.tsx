/** The closed curtain, and the ways in. */
import { Alert, Button, Stack } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useRouter, useSearch } from "@tanstack/react-router";
import { KeyRound, Theater } from "lucide-react";
import { useEffect } from "react";
import { post } from "../api/client";
import { providers, session } from "../api/queries";
import { Loading } from "../common/Loading";
import { useTitle } from "../common/useTitle";
import { Mark } from "../shell/Logo";
import { localPath } from "./local-path";

export function SignInPage() {
  useTitle("Sign in");
  const { from, error } = useSearch({ from: "/sign-in" });
  const destination = localPath(from);
  useGoOnWhenSignedIn(destination);
  return (
    <main className="sign-in">
      <div className="curtain curtain-left" aria-hidden />
      <div className="curtain curtain-right" aria-hidden />
      <section className="sign-in-card">
        <Mark size={44} />
        <h1 className="wordmark">Sipario</h1>
        <p className="dim">Your software, its owners and its docs, as they are now.</p>
        {error && (
          <Alert color="red" variant="light" title="That did not work" role="alert">
            {error}
          </Alert>
        )}
        <WaysIn destination={destination} />
      </section>
    </main>
  );
}

function WaysIn({ destination }: { destination: string }) {
  const { data, isPending, error } = useQuery(providers);
  const guest = useGuest(destination);
  if (isPending) return <Loading rows={2} height={38} />;
  const failure = error ?? guest.error;
  return (
    <Stack gap="sm" className="sign-in-ways">
      {failure && <Alert color="red" variant="light" title={failure.message} role="alert" />}
      {data?.providers.map(({ id, title }) => (
        <Button
          key={id}
          component="a"
          size="md"
          href={`/api/auth/oidc/${encodeURIComponent(id)}/start?back_to=${encodeURIComponent(destination)}`}
          leftSection={<KeyRound size={17} />}
        >
          Sign in with {title || id}
        </Button>
      ))}
      {data?.guest && (
        <Button
          size="md"
          variant={data.providers.length ? "default" : "filled"}
          leftSection={<Theater size={18} />}
          loading={guest.isPending}
          onClick={() => guest.mutate()}
        >
          Enter as a guest
        </Button>
      )}
      {data && !data.guest && data.providers.length === 0 && (
        <p className="dim">No way to sign in is configured. Add a provider under auth.providers.</p>
      )}
    </Stack>
  );
}

function useGuest(destination: string) {
  const client = useQueryClient();
  const router = useRouter();
  return useMutation({
    mutationFn: () => post("/api/auth/guest"),
    onSuccess: async () => {
      await client.fetchQuery({ ...session, staleTime: 0 });
      router.history.push(destination);
    },
  });
}

function useGoOnWhenSignedIn(destination: string): void {
  const { data } = useQuery({ ...session, staleTime: 0 });
  const navigate = useNavigate();
  const signedIn = Boolean(data?.user);
  useEffect(() => {
    if (signedIn) void navigate({ href: destination, replace: true });
  }, [signedIn, destination, navigate]);
}
