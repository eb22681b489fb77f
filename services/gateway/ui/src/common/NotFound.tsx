import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { EmptyStage } from "./EmptyStage";

export function NotFound({ message }: { message?: string }) {
  return (
    <EmptyStage whole title="Nothing behind this curtain" text={message ?? "There is no page at this address."}>
      <Button component={Link} to="/catalog">
        Go to the catalog
      </Button>
    </EmptyStage>
  );
}
