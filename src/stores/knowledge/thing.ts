/** What is shown as one entity: members joined by merges that the caller may see, and members of one name that nothing sets apart. */
export interface Thing {
  /** The member with most visible mentions, the lowest id among equals. */
  id: string;
  members: string[];
  /** Strictest class rank of the merges that join it. */
  joinedClass: number;
  /** The organisation or place that tells it from others of its name; empty when there are none. */
  apart: string;
}
