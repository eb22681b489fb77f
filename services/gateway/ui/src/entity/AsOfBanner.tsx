/** Says that the page shows the past, and leads back. */
import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { History } from "lucide-react";

export function AsOfBanner({ at }: { at: string }) {
  const moment = new Date(at);
  const words = Number.isNaN(moment.getTime()) ? at : moment.toLocaleString("en", { dateStyle: "long", timeStyle: "medium" });
  return (
    <section className="status-banner as-of" data-level="past" role="status">
      <History size={18} aria-hidden />
      <div>
        <h2>As it was on <time dateTime={at}>{words}</time></h2>
        <p>Relations, impact and properties too. Its history is told from now.</p>
      </div>
      <Button size="xs" variant="default" renderRoot={(props) => <Link {...props} to="." search={{}} />}>Back to now</Button>
    </section>
  );
}
