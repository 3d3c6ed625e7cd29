//! One step of the state machine, and what has to hold after it.

use std::ops::RangeInclusive;

use countmein::domain::{
    id::UserId,
    keying::{
        BatchState, Deed, NewEntry, Papers, Pass, Settled, SheetContent, SheetForm, StateName,
    },
    moment::Moment,
    two_person::Reason,
};

use super::model::{At, DECISION, FIRST, Model, SECOND, Save, Step};

pub fn apply(
    form: &SheetForm,
    state: BatchState,
    step: &Step,
    now: i64,
) -> Result<(Deed, BatchState), String> {
    let now = Moment::from_millis(now);
    let (deed, next) = match step {
        Step::CountPile(who, sheets) => {
            let reason = Reason::new("x").unwrap();
            (
                Deed::CountPile,
                state.count_pile(UserId(*who), *sheets, reason),
            )
        }
        Step::Claim(who) => (Deed::Claim, state.claim(UserId(*who), now)),
        Step::Release(who) => (Deed::Release, state.release(UserId(*who))),
        Step::Save(save, seen) => {
            let new = NewEntry {
                sheet: save.sheet,
                seen: *seen,
                content: form.read(&save.text).unwrap(),
                seconds: 5,
            };
            let who = UserId(save.who);
            match pass(save.pass) {
                Pass::Decision => (Deed::Decide, state.decide(who, &new, now)),
                other => (Deed::Key, state.key(who, other, &new, now)),
            }
        }
        Step::Finish(who, DECISION, _) => (
            Deed::FinishResolving,
            state.finish_resolving(UserId(*who), now),
        ),
        Step::Finish(who, of, found) => {
            let next = state.finish_pass(UserId(*who), pass(*of), *found, now);
            (Deed::FinishPass, next)
        }
        Step::Restart => (Deed::Restart, state.restart()),
        Step::Count => (Deed::Count, state.count(UserId(1)).map(BatchState::Counted)),
    };
    match next {
        Ok(state) => Ok((deed, state)),
        Err(error) => Err(error.to_string()),
    }
}

fn pass(number: u8) -> Pass {
    [Pass::First, Pass::Second, Pass::Decision][usize::from(number - 1)]
}

/// Whether both tell the same of the batch and of these sheets.
pub fn same(model: &Model, code: &BatchState, sheets: RangeInclusive<u32>) -> Result<(), String> {
    let name = match model.at {
        At::Counting(..) => StateName::Counting,
        At::First => StateName::FirstKeying,
        At::Second => StateName::SecondKeying,
        At::Resolving => StateName::Resolving,
        At::Reconciled => StateName::Reconciled,
        At::Counted => StateName::Counted,
    };
    if name != StateName::of(code) {
        return Err(format!("{} instead of {name}", StateName::of(code)));
    }
    let papers = code.papers();
    let desk = code
        .claimed()
        .map(|claim| (claim.by.0, claim.until.millis()));
    let numbers = (papers.round, papers.sheets(), papers.envelopes);
    if desk != model.desk || numbers != (model.round, model.sheets(), model.envelopes) {
        return Err(format!("{desk:?} {numbers:?} instead of {model:?}"));
    }
    for sheet in sheets {
        for of in [FIRST, SECOND, DECISION] {
            let saved = model.latest(of, sheet);
            let kept = papers.entry(pass(of), sheet);
            let is_same = match (saved, kept) {
                (Some(save), Some(entry)) => {
                    entry.by.0 == save.who
                        && entry.revision == model.versions(of, sheet)
                        && is_written(&entry.content, &save.text)
                }
                (None, None) => true,
                _ => false,
            };
            if !is_same {
                return Err(format!("{kept:?} instead of {saved:?}"));
            }
        }
    }
    Ok(())
}

fn is_written(content: &SheetContent, text: &str) -> bool {
    match content {
        SheetContent::Marked(marks) => marks == text,
        SheetContent::Blank => text == "=blank",
        SheetContent::Spoilt => text == "=spoilt",
        SheetContent::Unreadable => text == "=unreadable",
    }
}

/// What holds in every state, whatever the model says of it.
pub fn sound(model: &Model, code: &BatchState) -> Result<(), String> {
    let papers = code.papers();
    let books = papers.conservation();
    let mut outstanding = 0;
    for sheet in 1..=papers.sheets() {
        let settled = papers.settled(sheet);
        outstanding += u32::from(settled == Settled::Outstanding);
        let is_same = match (&settled, model.truth(sheet)) {
            (Settled::As(content), Some(text)) => is_written(content, text),
            (Settled::Outstanding, None) => true,
            _ => false,
        };
        if !is_same {
            return Err(format!(
                "sheet {sheet} is {settled:?} instead of {:?}",
                model.truth(sheet)
            ));
        }
        decided_what_differed(papers, sheet)?;
    }
    if !books.holds() || books.outstanding != outstanding || books.sheets != model.sheets() {
        return Err(format!("{books:?}"));
    }
    if let Some(last) = model.saves.last() {
        let twice = |save: &&Save| {
            save.sheet == last.sheet && save.who == last.who && save.pass != last.pass
        };
        if let Some(other) = model.saves.iter().find(twice) {
            return Err(format!("{last:?} by the same person as {other:?}"));
        }
    }
    if let BatchState::Counted(counted) = code {
        let sheets = counted.sheets().count();
        let marked = counted
            .sheets()
            .filter(|sheet| matches!(sheet, SheetContent::Marked(_)));
        let (sheets, marked) = (u32::try_from(sheets), u32::try_from(marked.count()));
        if sheets != Ok(papers.sheets()) || marked.is_ok_and(|marked| marked > papers.envelopes) {
            return Err(format!("{sheets:?} sheets, {marked:?} with marks"));
        }
    }
    Ok(())
}

/// No decision changes what both keyings have.
fn decided_what_differed(papers: &Papers, sheet: u32) -> Result<(), String> {
    let text = |pass| match &papers.entry(pass, sheet)?.content {
        SheetContent::Marked(text) => Some(text.as_str()),
        SheetContent::Blank => Some("-0"),
        _ => None,
    };
    let (Some(first), Some(second), Some(decided)) =
        (text(Pass::First), text(Pass::Second), text(Pass::Decision))
    else {
        return Ok(());
    };
    let mut fields = first.bytes().zip(second.bytes()).zip(decided.bytes());
    if fields.all(|((first, second), decided)| first != second || decided == first) {
        Ok(())
    } else {
        Err(format!(
            "sheet {sheet}: {first}, {second}, decided as {decided}"
        ))
    }
}
