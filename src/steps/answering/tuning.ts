/** Weights and thresholds of the answer without a model, tuned on the even lines of HotpotQA (`bench/answers.ts`). Shares are of 1. */
export const tuning = {
  // How much a word of the question counts that a sentence does not say itself.
  /** Said by the sentence before, which this one refers back to. */
  carried: 0.9,
  /** Said by the headings or the document's name; over a row or line: */
  context: 0.6,
  headed: 0.95,
  /** Said elsewhere in the document's passages. */
  document: 0.35,

  // What a set of sentences is worth beside its share of the question.
  wanted: 0.3,
  /** Share of `wanted` that a sentence keeps which says nothing of what is asked. */
  silent: 0.6,
  about: 0.08,
  /** Prices: of a further sentence, of one that nothing links, of a passage's place, of another year, of a bare line. */
  further: 0.05,
  loose: 0.2,
  rank: 0.01,
  otherYear: 0.25,
  line: 0.1,
  /** What each sentence must add. */
  least: 0.05,

  // Below these the documents do not say.
  /** Of the question's weight. */
  enough: 0.62,
  /** Of its names' weight; of a name's words in one sentence. */
  must: 0.8,
  name: 0.9,
  /** Of the weight of its other words. */
  words: 0.42,
  /** Of what is wanted. */
  held: 0.2,
};
