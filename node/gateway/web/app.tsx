import { type ReactNode, useEffect, useState } from 'react'
import { Amount } from '../../web/amount.tsx'
import { Bar } from '../../web/bar.tsx'
import { Id } from '../../web/id.tsx'
import { listModels, type Model } from './api.ts'

export const App = (): ReactNode => {
  const [models, setModels] = useState<Model[]>([])
  const [problem, setProblem] = useState('')
  useEffect(() => {
    listModels('').then(setModels, (error: Error) => setProblem(error.message))
  }, [])
  return (
    <>
      <Bar title='gateway' />
      <main>
        <h1>Models on offer</h1>
        {problem !== '' && <p className='notice bad'>{problem}</p>}
        <ul>
          {models.map(({ id, openseam }) => (
            <li key={id}>
              {id} (<Id id={openseam.modelId} />
              ): {openseam.providers} providers, from <Amount wei={openseam.price.completion} /> OPEN a token
            </li>
          ))}
        </ul>
      </main>
    </>
  )
}
