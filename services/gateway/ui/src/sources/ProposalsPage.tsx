/** Repositories that declare nothing: what each could say, on what evidence; a person decides, and may write it better. */
import { Button, SegmentedControl, Textarea } from "@mantine/core";
import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { GitPullRequestArrow, GitPullRequestCreateArrow, Lightbulb } from "lucide-react";
import { useState } from "react";
import { acceptProposal, dismissProposal } from "../api/acts";
import { KEY, proposals } from "../api/queries";
import type { Guess, Proposal } from "../api/types";
import { EmptyStage } from "../common/EmptyStage";
import { EntityLink } from "../common/EntityLink";
import { Failure } from "../common/Failure";
import { Loading } from "../common/Loading";
import { useTitle } from "../common/useTitle";
import { webUrl } from "../entity/annotations";
import { SourceTabs } from "./SourceTabs";

const NOTHING = {
  waiting: { title: "Nothing is proposed", text: "Every repository that was discovered declares what it holds." },
  dismissed: { title: "Nothing was dismissed", text: "What you dismiss is kept here, in case that you change your mind." },
};

export function ProposalsPage() {
  useTitle("Proposals");
  const [which, setWhich] = useState<keyof typeof NOTHING>("waiting");
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(proposals(which === "dismissed"));
  const all = data?.pages.flatMap((page) => page.items);
  return (
    <div className="page">
      <h1 className="page-title">Where entities come from</h1>
      <SourceTabs />
      <SegmentedControl size="xs" aria-label="Which" value={which} onChange={(value) => setWhich(value as keyof typeof NOTHING)}
        data={[{ value: "waiting", label: "Waiting" }, { value: "dismissed", label: "Dismissed" }]} />
      {error && !all ? <Failure error={error} retry={() => void refetch()} /> : !all ? <Loading />
        : all.length === 0 ? <EmptyStage {...NOTHING[which]} />
        : <ul className="sources">{all.map((each) => <Entry key={each.repository} each={each} dismissed={which === "dismissed"} />)}</ul>}
      {hasNextPage && <Button variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>Show more</Button>}
    </div>
  );
}

function Entry({ each, dismissed }: { each: Proposal; dismissed: boolean }) {
  const [opened, open] = useState(false);
  const page = webUrl(each.pullRequest);
  const repository = webUrl(each.repository);
  const Glyph = page ? GitPullRequestArrow : Lightbulb;
  return (
    <li className="source card" data-state="pending">
      <div className="source-line">
        <span className="source-state"><Glyph size={17} aria-hidden /></span>
        <div className="source-words">
          {repository ? <a className="source-target" href={repository} target="_blank" rel="noopener noreferrer">{each.repository}</a>
            : <span className="source-target">{each.repository}</span>}
          <dl className="dim evidence">
            <Evidence of="Language" guess={each.language}>{each.language?.value}</Evidence>
            <Evidence of="Owner" guess={each.owner}>{each.owner && <EntityLink to={each.owner.value} />}</Evidence>
          </dl>
          {page && <a href={page} target="_blank" rel="noopener noreferrer">The pull request</a>}
        </div>
        <Button className="source-act" size="compact-sm" variant="default" aria-expanded={opened} aria-label={`Review ${each.name}`}
          onClick={() => open(!opened)}>{opened ? "Close" : "Review"}</Button>
      </div>
      {opened && <Review each={each} dismissed={dismissed} />}
    </li>
  );
}

function Evidence({ of, guess, children }: { of: string; guess: Guess | null; children: React.ReactNode }) {
  return (
    <div>
      <dt>{of}</dt>
      <dd>{guess ? <>{children} <span className="dim">({guess.evidence})</span></> : "not known: please say"}</dd>
    </div>
  );
}

function Review({ each, dismissed }: { each: Proposal; dismissed: boolean }) {
  const client = useQueryClient();
  const [content, write] = useState(each.content);
  const onSettled = () => client.invalidateQueries({ queryKey: [KEY.sources, "proposals"] });
  const accept = useMutation({ mutationFn: () => acceptProposal(each.repository, content), onSettled });
  const dismiss = useMutation({ mutationFn: () => dismissProposal(each.repository, !dismissed), onSettled });
  const error = accept.error ?? dismiss.error;
  return (
    <form className="review" onSubmit={(event) => { event.preventDefault(); accept.mutate(); }}>
      <Textarea autosize minRows={6} maxRows={30} label="catalog-info.yaml" spellCheck={false} classNames={{ input: "mono" }}
        value={content} onChange={(event) => write(event.currentTarget.value)} />
      {error && <p className="problem-place" role="alert">{error.message}</p>}
      {accept.data && !accept.data.new && <p role="status">A pull request was open already.</p>}
      <div className="review-acts">
        <Button type="submit" size="compact-sm" leftSection={<GitPullRequestCreateArrow size={14} aria-hidden />} loading={accept.isPending}>
          Open a pull request</Button>
        <Button size="compact-sm" variant="default" loading={dismiss.isPending} onClick={() => dismiss.mutate()}>
          {dismissed ? "Propose it again" : "Dismiss"}</Button>
      </div>
    </form>
  );
}
