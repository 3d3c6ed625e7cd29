mod budget;
mod disclosure;
mod fold;
mod percent;
mod report;
mod support;
mod workshop;
