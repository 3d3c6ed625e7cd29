//! What can be wrong with a `.pb` file: one stable code each, with its severity and its remedy.

use std::fmt;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The file cannot be tallied.
    Error,
    /// The file can be tallied, and every ballot in it counts; somebody should look at this first.
    Warning,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Error => "error",
            Self::Warning => "warning",
        })
    }
}

macro_rules! codes {
    ($($severity:ident { $($name:ident $text:literal $remedy:literal)+ })+) => {
        /// The kind of a fault.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $($($name,)+)+
        }

        impl Code {
            pub const ALL: &[Self] = &[$($(Self::$name,)+)+];

            /// Stable, for lists and programs.
            pub fn as_str(self) -> &'static str {
                match self {
                    $($(Self::$name => $text,)+)+
                }
            }

            pub fn severity(self) -> Severity {
                match self {
                    $($(Self::$name)|+ => Severity::$severity,)+
                }
            }

            /// How to mend it.
            pub fn remedy(self) -> &'static str {
                match self {
                    $($(Self::$name => $remedy,)+)+
                }
            }
        }
    };
}

codes! {
    Error {
        FileTooLarge "file-too-large"
            "split the election by district, or take out columns that no tally needs"
        NotUtf8 "not-utf8"
            "save the file as UTF-8"
        QuoteNotClosed "quote-not-closed"
            "close the cell with a straight double quote; inside a quoted cell write two of them for one"
        MissingSection "missing-section"
            "the file needs META, PROJECTS and VOTES, each on a line of its own, in this order"
        SectionOrder "section-order"
            "put the sections in the order META, PROJECTS, VOTES"
        RepeatedSection "repeated-section"
            "keep one section of each name"
        TextBeforeMeta "text-before-meta"
            "begin the file with a line that says META"
        MissingHeader "missing-header"
            "the line below META says key;value; the lines below PROJECTS and VOTES name their columns"
        MissingColumn "missing-column"
            "PROJECTS needs project_id and cost, VOTES needs voter_id and vote, and points where people gave points"
        DuplicateColumn "duplicate-column"
            "give every column a name of its own"
        WrongNumberOfCells "wrong-number-of-cells"
            "write as many cells as the section has columns; a cell with a semicolon in it goes in double quotes"
        TooManyRows "too-many-rows"
            "split the election, such as by district"
        MissingMetaKey "missing-meta-key"
            "add the line to META"
        DuplicateMetaKey "duplicate-meta-key"
            "keep one of the lines"
        UnknownVoteType "unknown-vote-type"
            "write approval, choose-1, ordinal, cumulative or scoring"
        MalformedNumber "malformed-number"
            "write digits only, with a point before decimals, such as 25000 or 25000.50"
        CommaInNumber "comma-in-number"
            "write a point before decimals, and nothing between thousands"
        TooManyDecimals "too-many-decimals"
            "write at most 6 decimal places: a rounded amount could change who wins"
        NumberTooLarge "number-too-large"
            "check how many digits it has"
        MissingProjectId "missing-project-id"
            "give every project an id"
        DuplicateProjectId "duplicate-project-id"
            "give every project an id of its own"
        CostNotPositive "cost-not-positive"
            "write a cost above zero, or 999999999 for a project that was withdrawn"
        UnknownProject "unknown-project"
            "write ids of the PROJECTS section, exactly as they stand there, with commas between them"
        PointsCountDiffers "points-count-differs"
            "write one number in points for every project in vote, in the same order"
        NumProjectsDiffers "num-projects-differs"
            "find the missing or surplus projects, or correct num_projects"
        NumVotesDiffers "num-votes-differs"
            "find the missing or surplus ballots, or correct num_votes"
    }
    Warning {
        BlankLine "blank-line"
            "the format has no blank lines: take them out"
        ExtraEmptyCells "extra-empty-cells"
            "take out the semicolons at the end"
        TextAfterQuote "text-after-quote"
            "put the whole cell in double quotes, and write two of them for one"
        UnknownMetaKey "unknown-meta-key"
            "no tally uses it: check how it is spelt"
        MalformedDate "malformed-date"
            "write a year such as 2025 or a day such as 31.12.2025"
        MalformedTag "malformed-tag"
            "write an ISO code: two small letters for a language (pl), three capitals for a currency (PLN)"
        BoundsContradict "bounds-contradict"
            "check which of the two is wrong: no ballot can keep to both"
        CapsCountDiffers "caps-count-differs"
            "write one amount for every name in the list that it belongs to, in the same order"
        WithdrawnProject "withdrawn-project"
            "the cost 999999999 marks a withdrawn project: no rule can fund it"
        CostOverBudget "cost-over-budget"
            "no rule can fund it: check the cost and the budget"
        CostOutOfBounds "cost-out-of-bounds"
            "check the cost against min_project_cost and max_project_cost"
        UnknownSelected "unknown-selected"
            "write 0 or 1, or 2 or 3 for a special reason"
        VotesDiffer "votes-differ"
            "the published count is not what the ballots say: find out which of them is right"
        ScoreDiffers "score-differs"
            "the published score is not what the ballots say: find out which of them is right"
        MissingVoterId "missing-voter-id"
            "give every ballot an id, so that none can be counted twice"
        DuplicateVoterId "duplicate-voter-id"
            "find out whether somebody was counted twice; both ballots count"
        EmptyBallot "empty-ballot"
            "it counts as a ballot that supports nothing"
        DuplicateInBallot "duplicate-in-ballot"
            "the project counts once on this ballot; where people gave points, its points are added up"
        SpacesInList "spaces-in-list"
            "write commas without spaces; the spaces are left out"
        EmptyListItem "empty-list-item"
            "take out the surplus comma; the empty place is left out"
        OverMaxLength "over-max-length"
            "the ballot names more projects than allowed; it counts as it stands"
        UnderMinLength "under-min-length"
            "the ballot names fewer projects than asked; it counts as it stands"
        OverMaxSumCost "over-max-sum-cost"
            "the projects on the ballot cost more than allowed; it counts as it stands"
        UnderMinSumCost "under-min-sum-cost"
            "the projects on the ballot cost less than asked; it counts as it stands"
        OverMaxPoints "over-max-points"
            "a project has more points than allowed; the ballot counts as it stands"
        UnderMinPoints "under-min-points"
            "a project has fewer points than asked; the ballot counts as it stands"
        OverMaxSumPoints "over-max-sum-points"
            "the ballot gives more points than allowed; it counts as it stands"
        UnderMinSumPoints "under-min-sum-points"
            "the ballot gives fewer points than asked; it counts as it stands"
        UnknownVotingMethod "unknown-voting-method"
            "write internet or paper; the ballot counts under neither"
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
