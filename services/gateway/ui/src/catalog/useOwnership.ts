/** Which owners count as "mine": the person and the groups that they are a member of. */
import { useQuery } from "@tanstack/react-query";
import { entityByRef, session } from "../api/queries";
import { targets } from "../common/refs";

export function useOwnership(): { refs: string[]; loading: boolean } {
  const { data } = useQuery(session);
  const ref = data?.user?.ref ?? "";
  const person = useQuery({ ...entityByRef(ref), enabled: ref !== "", retry: false });
  const refs = person.data ? [ref, ...targets(person.data, "memberOf")] : [];
  return { refs, loading: ref !== "" && person.isPending };
}
