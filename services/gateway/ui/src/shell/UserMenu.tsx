/** Who is signed in, their own page, and the way out. */
import { Menu, UnstyledButton } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { LogOut, User } from "lucide-react";
import { post } from "../api/client";
import { KEY, session } from "../api/queries";
import { Initials } from "../common/Initials";
import { parseRef, shortName } from "../common/refs";
import { forgetVisits } from "../search/recent";

export function UserMenu() {
  const { data } = useQuery(session);
  const signOut = useSignOut();
  const navigate = useNavigate();
  const user = data?.user;
  if (!user) return null;
  const name = user.displayName || shortName(user.ref);
  return (
    <Menu position="bottom-end" width={220}>
      <Menu.Target>
        <UnstyledButton className="user-button" aria-label={`Signed in as ${name}`}>
          <Initials name={name} />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          <span className="user-name">{name}</span>
          <span className="user-ref">{user.email || user.ref}</span>
        </Menu.Label>
        <Menu.Item
          leftSection={<User size={15} />}
          onClick={() => void navigate({ to: "/catalog/$namespace/$kind/$name", params: parseRef(user.ref, "user") })}
        >
          My page
        </Menu.Item>
        <Menu.Item leftSection={<LogOut size={15} />} onClick={() => void signOut()}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function useSignOut() {
  const client = useQueryClient();
  const navigate = useNavigate();
  return async () => {
    await post("/api/auth/logout");
    forgetVisits();
    // First the fact, then the move: on the sign-in page a remembered session would lead straight back.
    client.setQueryData(session.queryKey, { user: null });
    await navigate({ to: "/sign-in", search: {} });
    client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== KEY.session });
  };
}
