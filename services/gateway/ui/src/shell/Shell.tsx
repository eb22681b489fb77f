/** The frame around every page for those who are signed in. */
import { useQuery } from "@tanstack/react-query";
import { Outlet, useLocation, useNavigate } from "@tanstack/react-router";
import { useEffect } from "react";
import { session } from "../api/queries";
import { WithKinds } from "../common/kinds";
import { LiveProvider } from "../live/LiveProvider";
import { PaletteProvider } from "../search/Palette";
import { Header } from "./Header";
import { Sidebar } from "./Sidebar";

export function Shell() {
  useLeaveWhenSignedOut();
  return (
    <LiveProvider>
      <WithKinds>
        <PaletteProvider>
          <a className="skip-link" href="#content">
            Skip to the content
          </a>
          <div className="shell">
            <Sidebar />
            <div className="stage">
              <Header />
              <main id="content" tabIndex={-1}>
                <Outlet />
              </main>
            </div>
          </div>
        </PaletteProvider>
      </WithKinds>
    </LiveProvider>
  );
}

function useLeaveWhenSignedOut(): void {
  const { data } = useQuery(session);
  const navigate = useNavigate();
  const { href } = useLocation();
  const signedOut = data !== undefined && data.user === null;
  useEffect(() => {
    if (signedOut && !href.startsWith("/sign-in")) void navigate({ to: "/sign-in", search: { from: href }, replace: true });
    // Only the moment of losing the session matters, not later moves.
  }, [signedOut]);
}
