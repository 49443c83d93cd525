//! Strongly connected components of a graph, dependencies first, without recursion.

/// One node being visited.
struct Visit {
    node: usize,
    next: usize,
}

/// Components of the graph in which `edges[n]` lists what `n` depends on; each component comes after
/// those it depends on, its members in ascending order.
pub(super) fn component_order(edges: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let n = edges.len();
    let mut number = vec![usize::MAX; n];
    let mut low = vec![usize::MAX; n];
    let mut open = vec![false; n];
    let mut stack: Vec<usize> = Vec::new();
    let mut out = Vec::new();
    let mut counter = 0;
    for start in 0..n {
        if number.get(start).copied() != Some(usize::MAX) {
            continue;
        }
        let mut visits = vec![Visit { node: start, next: 0 }];
        while let Some(visit) = visits.last_mut() {
            let node = visit.node;
            if visit.next == 0 {
                set(&mut number, node, counter);
                set(&mut low, node, counter);
                counter += 1;
                stack.push(node);
                set(&mut open, node, true);
            }
            let target = edges.get(node).and_then(|e| e.get(visit.next)).copied();
            visit.next += 1;
            match target {
                Some(target) if target >= n => {}
                Some(target) if get(&number, target) == usize::MAX => {
                    visits.push(Visit { node: target, next: 0 });
                }
                Some(target) => {
                    if open.get(target).copied().unwrap_or(false) {
                        let best = get(&low, node).min(get(&number, target));
                        set(&mut low, node, best);
                    }
                }
                None => {
                    visits.pop();
                    if let Some(above) = visits.last() {
                        let best = get(&low, above.node).min(get(&low, node));
                        set(&mut low, above.node, best);
                    }
                    if get(&low, node) == get(&number, node) {
                        out.push(close(&mut stack, &mut open, node));
                    }
                }
            }
        }
    }
    out
}

/// Takes a finished component off the stack.
fn close(stack: &mut Vec<usize>, open: &mut [bool], root: usize) -> Vec<usize> {
    let mut component = Vec::new();
    while let Some(node) = stack.pop() {
        set(open, node, false);
        component.push(node);
        if node == root {
            break;
        }
    }
    component.sort_unstable();
    component
}

fn get(values: &[usize], at: usize) -> usize {
    values.get(at).copied().unwrap_or(usize::MAX)
}

fn set<T>(values: &mut [T], at: usize, value: T) {
    if let Some(slot) = values.get_mut(at) {
        *slot = value;
    }
}

/// A shortest way from `start` back to itself within `component` (sorted).
pub(super) fn shortest_cycle(start: usize, component: &[usize], edges: &[Vec<usize>]) -> Option<Vec<usize>> {
    let mut from: std::collections::HashMap<usize, usize> = std::collections::HashMap::new();
    let mut queue = std::collections::VecDeque::from([start]);
    while let Some(node) = queue.pop_front() {
        for &target in edges.get(node).into_iter().flatten() {
            if target == start {
                let mut path = vec![node];
                let mut at = node;
                while at != start {
                    at = *from.get(&at)?;
                    path.push(at);
                }
                path.reverse();
                return Some(path);
            }
            if component.binary_search(&target).is_ok() && !from.contains_key(&target) {
                from.insert(target, node);
                queue.push_back(target);
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dependencies_come_first() {
        let edges = vec![vec![2], vec![0], vec![], vec![4], vec![3]];
        assert_eq!(component_order(&edges), vec![vec![2], vec![0], vec![1], vec![3, 4]]);
        assert_eq!(shortest_cycle(3, &[3, 4], &edges), Some(vec![3, 4]));
        assert_eq!(shortest_cycle(0, &[0], &edges), None);
    }

    #[test]
    fn long_chains() {
        let n = 200_000;
        let edges: Vec<Vec<usize>> = (0..n).map(|i| if i + 1 < n { vec![i + 1] } else { vec![] }).collect();
        let order = component_order(&edges);
        assert_eq!(order.first(), Some(&vec![n - 1]));
        assert_eq!(order.len(), n);
    }
}
